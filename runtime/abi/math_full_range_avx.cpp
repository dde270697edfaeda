// math_full_range_avx – the forms for AVX; compiled for it.
#include "runtime/abi/math_full_range.h"

#if defined(__x86_64__)
namespace metate::abi {
namespace {

#define FORM_PREFIX cinz
#define FORM_SUFFIX avx
#define FORM_F64 4
#define FORM_F32 8
#include "runtime/abi/math_full_range.inc"

}  // namespace
}  // namespace metate::abi
#endif

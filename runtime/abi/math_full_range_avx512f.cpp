// math_full_range_avx512f – the forms for AVX-512; compiled for it.
#include "runtime/abi/math_full_range.h"

#if defined(__x86_64__)
namespace metate::abi {
namespace {

#define FORM_PREFIX finz
#define FORM_SUFFIX avx512f
#define FORM_F64 8
#define FORM_F32 16
#include "runtime/abi/math_full_range.inc"

}  // namespace
}  // namespace metate::abi
#endif

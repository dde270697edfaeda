// math_full_range_avx2 – the forms for AVX2 with fused multiply-add; compiled for them.
#include "runtime/abi/math_full_range.h"

#if defined(__x86_64__)
namespace metate::abi {
namespace {

#define FORM_PREFIX finz
#define FORM_SUFFIX avx2128
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"

#define FORM_PREFIX finz
#define FORM_SUFFIX avx2
#define FORM_F64 4
#define FORM_F32 8
#include "runtime/abi/math_full_range.inc"

}  // namespace
}  // namespace metate::abi
#endif

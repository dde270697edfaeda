// math_full_range – the forms that every CPU of an architecture runs.
#include "runtime/abi/math_full_range.h"

namespace metate::abi {
namespace {

#if defined(__x86_64__)
#define FORM_PREFIX finz
#define FORM_SUFFIX purecfma
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"

#define FORM_PREFIX cinz
#define FORM_SUFFIX sse2
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"

#elif defined(__aarch64__)
#define FORM_PREFIX finz
#define FORM_SUFFIX purecfma
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"

#define FORM_PREFIX finz
#define FORM_SUFFIX advsimd
#define FORM_F64 2
#define FORM_F32 4
#include "runtime/abi/math_full_range.inc"
#endif

#if !defined(__aarch64__)
#define FORM_PREFIX cinz
#define FORM_SUFFIX purec
#define FORM_F64 1
#define FORM_F32 1
#include "runtime/abi/math_full_range.inc"
#endif

}  // namespace
}  // namespace metate::abi

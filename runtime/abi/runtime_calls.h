// runtime_calls.h – the C declarations of runtime_calls.def.
#pragma once

#include <cstdint>

namespace metate::abi {
using ParallelBody = int32_t (*)(void* context, void* env, int64_t begin, int64_t end);
}

extern "C" {
#define I32 int32_t
#define I64 int64_t
#define PTR void*
#define VOID void
#define RUNTIME_CALL(name, result, ...) result name(__VA_ARGS__);
#include "runtime/abi/runtime_calls.def"
#undef RUNTIME_CALL
#undef I32
#undef I64
#undef PTR
#undef VOID
}

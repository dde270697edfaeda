// parallel – regions of independent iterations on all threads, with the errors of the lowest iteration.
#pragma once

#include <cstdint>

#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::abi {
struct Context;
}

namespace metate::cpu {

/// Iterations [begin, end) of a region; returns abi::kOk, or abi::kRaised with the error in its context. It stops at
/// its first failing iteration.
using RegionBody = int32_t (*)(abi::Context* context, void* env, int64_t begin, int64_t end);

/// Runs `body` over [0, extent) in pieces of at least `grain` iterations (the last may be shorter) on up to
/// get_num_threads() threads. Each thread has a context of its own with the host of `context`. An interrupt or an
/// exception of the host's own (error site -1) makes all threads leave. If pieces fail, the error of the lowest goes
/// into `context` and kRaised is returned; pieces above a failed one may or may not have run, those below it all have.
///
/// How [0, extent) is cut depends on the number of threads, so a body must not carry values from one iteration to the
/// next. Regions may nest and may be entered from many threads at once.
int32_t parallel_region(abi::Context* context, int64_t extent, int64_t grain, RegionBody body, void* env);

/// How many threads the regions that this thread enters may use, 1 … max_threads(); regions inside a region inherit
/// it. As numba.set_num_threads.
METATE_API base::Status set_num_threads(int count);
METATE_API int get_num_threads();

/// Number of this thread within the region that it works for, 0 … get_num_threads() - 1; 0 outside of regions.
int thread_index();

}  // namespace metate::cpu

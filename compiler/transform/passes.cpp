// passes – the table of passes.
#include "compiler/transform/check_kernel.h"
#include "compiler/transform/check_races.h"
#include "compiler/transform/compare_moduli.h"
#include "compiler/transform/enter_loop_stage.h"
#include "compiler/transform/expand_array_functions.h"
#include "compiler/transform/flatten_conditions.h"
#include "compiler/transform/fuse_arrays.h"
#include "compiler/transform/hoist_range_checks.h"
#include "compiler/transform/inline_calls.h"
#include "compiler/transform/offload_nests.h"
#include "compiler/transform/pass.h"
#include "compiler/transform/place_retains.h"
#include "compiler/transform/plan_reductions.h"
#include "compiler/transform/precheck_iterations.h"
#include "compiler/transform/remove_dead_code.h"
#include "compiler/transform/remove_range_checks.h"
#include "compiler/transform/speculate_loads.h"
#include "compiler/transform/spread_over_threads.h"

namespace metate::transform {
namespace {

constexpr PassInfo kPasses[] = {
#define PASS(function, description) {#function, function, description},
#include "compiler/transform/passes.def"
#undef PASS
};

}  // namespace

std::span<const PassInfo> passes() { return kPasses; }

}  // namespace metate::transform

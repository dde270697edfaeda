#include "runtime/jit/pipeline.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/ModuleInliner.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"
#include "llvm/Transforms/Scalar/ConstraintElimination.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/DeadStoreElimination.h"
#include "llvm/Transforms/Scalar/DivRemPairs.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/JumpThreading.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopDeletion.h"
#include "llvm/Transforms/Scalar/LoopIdiomRecognize.h"
#include "llvm/Transforms/Scalar/LoopLoadElimination.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/LoopStrengthReduce.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimpleLoopUnswitch.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Vectorize/LoopVectorize.h"
#include "llvm/Transforms/Vectorize/SLPVectorizer.h"
#include "llvm/Transforms/Vectorize/VectorCombine.h"

#include "runtime/jit/pass_times.h"
#include "runtime/jit/rare_paths.h"
#include "runtime/jit/trim_loops.h"
#include "runtime/jit/whole_stores.h"

namespace metate::jit {
namespace {

using llvm::FunctionPassManager;
using llvm::LoopPassManager;
using llvm::ModulePassManager;

// One iteration: what a second would find, the next of these passes finds.
llvm::InstCombinePass inst_combine() { return llvm::InstCombinePass(llvm::InstCombineOptions().setMaxIterations(1)); }

llvm::SROAPass sroa() { return llvm::SROAPass(llvm::SROAOptions::ModifyCFG); }

llvm::LICMPass licm() { return llvm::LICMPass(llvm::LICMOptions()); }

// Loop canonical forms must last until the vectoriser has run, hence the three stages of SimplifyCFG.
llvm::SimplifyCFGOptions keep_loops() { return llvm::SimplifyCFGOptions().convertSwitchRangeToICmp(true); }
llvm::SimplifyCFGOptions merge_branches() { return keep_loops().hoistCommonInsts(true).sinkCommonInsts(true); }
llvm::SimplifyCFGOptions after_loops() {
  return merge_branches().forwardSwitchCondToPhi(true).convertSwitchToLookupTable(true).needCanonicalLoops(false);
}

// Whether a function has an innermost loop that multiplies by a value only known at run time, which is how an array
// with run-time strides is addressed. LLVM's strength reduction costs a third of code generation (where it is
// switched off, see target_machine.cpp) and gains nothing for contiguous arrays, but a quarter of the time for these.
bool multiplies_in_innermost_loop(llvm::LoopInfo& loops) {
  for (const llvm::Loop* loop : loops.getLoopsInPreorder()) {
    if (!loop->isInnermost()) continue;
    for (const llvm::BasicBlock* block : loop->blocks()) {
      for (const llvm::Instruction& instruction : *block) {
        if (instruction.getOpcode() == llvm::Instruction::Mul &&
            !llvm::isa<llvm::Constant>(instruction.getOperand(1))) {
          return true;
        }
      }
    }
  }
  return false;
}

struct StrengthReduceStrided : llvm::PassInfoMixin<StrengthReduceStrided> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    if (!multiplies_in_innermost_loop(analyses.getResult<llvm::LoopAnalysis>(function))) {
      return llvm::PreservedAnalyses::all();
    }
    return llvm::createFunctionToLoopPassAdaptor(llvm::LoopStrengthReducePass()).run(function, analyses);
  }
};

// Whether there is work on numbers that the loop vectoriser has not taken: in a function without loops, or in an
// innermost loop. (What it leaves of the loops that it takes, their last iterations, is not worth a pass.)
bool has_scalar_work(llvm::LoopInfo& loops) {
  auto works = [](const llvm::Instruction& instruction) {
    return llvm::isa<llvm::StoreInst>(instruction) || instruction.getType()->isFloatingPointTy();
  };
  auto is_scalar = [&](const llvm::Loop* loop) {
    return loop->isInnermost() && !llvm::getBooleanLoopAttribute(loop, "llvm.loop.isvectorized") &&
           llvm::any_of(loop->blocks(), [&](const llvm::BasicBlock* block) { return llvm::any_of(*block, works); });
  };
  return loops.empty() || llvm::any_of(loops.getLoopsInPreorder(), is_scalar);
}

struct ImproveScalarWork : llvm::PassInfoMixin<ImproveScalarWork> {
  ImproveScalarWork() {
    passes.addPass(llvm::LoopLoadEliminationPass());
    passes.addPass(llvm::SLPVectorizerPass());
  }
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    if (!has_scalar_work(analyses.getResult<llvm::LoopAnalysis>(function))) return llvm::PreservedAnalyses::all();
    return passes.run(function, analyses);
  }
  FunctionPassManager passes;
};

FunctionPassManager clean_up() {
  FunctionPassManager passes;
  passes.addPass(sroa());
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass(keep_loops()));
  passes.addPass(inst_combine());
  return passes;
}

FunctionPassManager optimise_loops(const llvm::PipelineTuningOptions& tuning) {
  FunctionPassManager passes;
  passes.addPass(sroa());
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));

  // 1. Straighten the control flow of index checks. Without jump threading the wrap of negative indices stays in the
  //    loops, and nothing below can take the checks out of them.
  passes.addPass(llvm::JumpThreadingPass());
  passes.addPass(llvm::CorrelatedValuePropagationPass());
  passes.addPass(llvm::ConstraintEliminationPass());
  passes.addPass(llvm::SimplifyCFGPass(keep_loops()));

  // 2. Take what does not change out of the loops; a check of an outer index becomes two versions of the inner loop.
  LoopPassManager hoist;
  hoist.addPass(llvm::LoopRotatePass());
  hoist.addPass(licm());
  hoist.addPass(llvm::SimpleLoopUnswitchPass(/*NonTrivial=*/true));
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(hoist), /*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass(keep_loops()));
  passes.addPass(inst_combine());

  // 3. Canonical induction variables; affine checks of the own index become checks of the bounds.
  LoopPassManager canonical;
  canonical.addPass(llvm::LoopIdiomRecognizePass());
  canonical.addPass(llvm::IndVarSimplifyPass());
  canonical.addPass(llvm::LoopDeletionPass());
  canonical.addPass(llvm::LoopFullUnrollPass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(canonical)));
  passes.addPass(sroa());
  passes.addPass(llvm::GVNPass());
  passes.addPass(llvm::DSEPass());
  passes.addPass(llvm::SimplifyCFGPass(merge_branches()));
  passes.addPass(inst_combine());

  // 4. Vectors, then unrolling.
  passes.addPass(TrimLoops());
  passes.addPass(
      llvm::LoopVectorizePass(llvm::LoopVectorizeOptions(!tuning.LoopInterleaving, !tuning.LoopVectorization)));
  passes.addPass(inst_combine());
  passes.addPass(llvm::SimplifyCFGPass(after_loops()));
  passes.addPass(ImproveScalarWork());
  passes.addPass(llvm::VectorCombinePass());
  passes.addPass(llvm::LoopUnrollPass(llvm::LoopUnrollOptions(/*OptLevel=*/3)));
  passes.addPass(sroa());  // lanes of reductions become registers
  passes.addPass(inst_combine());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(licm(), /*UseMemorySSA=*/true));
  passes.addPass(llvm::DivRemPairsPass());
  passes.addPass(
      llvm::SimplifyCFGPass(keep_loops().hoistLoadsStoresWithCondFaulting(true).speculateUnpredictables(true)));
  return passes;
}

// Rare code gets no vectors and no second copies of loops, which is nearly all that costs time.
FunctionPassManager optimise_rare_path() {
  FunctionPassManager passes;
  LoopPassManager hoist;
  hoist.addPass(llvm::LoopRotatePass());
  hoist.addPass(licm());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(hoist), /*UseMemorySSA=*/true));
  passes.addPass(inst_combine());
  passes.addPass(llvm::SimplifyCFGPass(after_loops()));
  return passes;
}

struct ByRarity : llvm::PassInfoMixin<ByRarity> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    return (is_rare(function) ? rare : usual).run(function, analyses);
  }
  FunctionPassManager usual, rare;
};

ModulePassManager build_pipeline(llvm::PassBuilder& builder, const llvm::PipelineTuningOptions& tuning, int level) {
  ModulePassManager passes;
  switch (level) {
    case 0:
      passes.addPass(llvm::AlwaysInlinerPass());
      return passes;
    case 1:
      passes.addPass(llvm::createModuleToFunctionPassAdaptor(clean_up(), /*EagerlyInvalidate=*/true));
      passes.addPass(llvm::ModuleInlinerWrapperPass(llvm::getInlineParams(/*OptLevel=*/1, 0)));
      passes.addPass(llvm::createModuleToFunctionPassAdaptor(clean_up(), /*EagerlyInvalidate=*/true));
      passes.addPass(llvm::GlobalDCEPass());
      return passes;
    case 2:
      passes.addPass(llvm::createModuleToFunctionPassAdaptor(clean_up(), /*EagerlyInvalidate=*/true));
      passes.addPass(llvm::ModuleInlinerWrapperPass(llvm::getInlineParams(/*OptLevel=*/2, 0)));
      passes.addPass(llvm::GlobalDCEPass());
      passes.addPass(llvm::createModuleToFunctionPassAdaptor(
          ByRarity{.usual = optimise_loops(tuning), .rare = optimise_rare_path()}, /*EagerlyInvalidate=*/true));
      break;
    default:
      passes = builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3);
      break;
  }
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(StrengthReduceStrided()));
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(WholeStores()));
  return passes;
}

// No constructors: they would run when the code is linked, and the process has started its sanitizer long before.
void add_sanitizers(ModulePassManager& passes, llvm::Module& module, const PipelineOptions& options) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    if (options.sanitize_address) function.addFnAttr(llvm::Attribute::SanitizeAddress);
    if (options.sanitize_thread) function.addFnAttr(llvm::Attribute::SanitizeThread);
  }
  if (options.sanitize_address) {
    passes.addPass(llvm::AddressSanitizerPass(llvm::AddressSanitizerOptions(), /*UseGlobalGC=*/false,
                                              /*UseOdrIndicator=*/false, llvm::AsanDtorKind::None,
                                              llvm::AsanCtorKind::None));
  }
  if (options.sanitize_thread) {
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
  }
}

}  // namespace

void optimise(llvm::Module& module, llvm::TargetMachine& machine, const PipelineOptions& options) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.LoopInterleaving = true;
  tuning.SLPVectorization = true;
  llvm::PassInstrumentationCallbacks callbacks;
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, base::is_traced() ? &callbacks : nullptr);
  PassTimes times(callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  ModulePassManager passes = build_pipeline(builder, tuning, options.optimisation);
  add_sanitizers(passes, module, options);
  if (options.optimisation >= 2) move_rare_paths(module);
  passes.run(module, modules);
}

}  // namespace metate::jit

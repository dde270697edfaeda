#include "runtime/ze_software/work_group/body.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/CFG.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Mem2Reg.h>

#include <vector>

#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::work_group {
namespace {

/// Marks, from the placeholders upwards, every function that asks for one.
void inline_what_asks_for_items(llvm::Module& module) {
  std::vector<llvm::Function*> work;
  for (llvm::Function& function : module) {
    const llvm::StringRef name = function.getName();
    if (name == spirv::kItemQuery || name == spirv::kLocalVariable || spirv::waits_for_items(function))
      work.push_back(&function);
  }
  while (!work.empty()) {
    llvm::Function* callee = work.back();
    work.pop_back();
    for (llvm::User* user : callee->users()) {
      auto* call = llvm::dyn_cast<llvm::CallInst>(user);
      if (!call || call->getFunction()->hasFnAttribute(llvm::Attribute::AlwaysInline)) continue;
      call->getFunction()->addFnAttr(llvm::Attribute::AlwaysInline);
      work.push_back(call->getFunction());
    }
  }
}

/// An item may write to its by-value structure: it gets a copy in a private variable.
void copy_by_value_parameters(llvm::Function& function) {
  for (llvm::Argument& argument : function.args()) {
    llvm::Type* type = argument.getParamByValType();
    if (!type) continue;
    llvm::BasicBlock& entry = function.getEntryBlock();
    llvm::IRBuilder<> b(&entry, entry.begin());
    const llvm::DataLayout& layout = function.getDataLayout();
    const llvm::Align alignment = argument.getParamAlign().value_or(layout.getABITypeAlign(type));
    llvm::AllocaInst* copy = b.CreateAlloca(type);
    copy->setAlignment(std::max(copy->getAlign(), alignment));
    argument.replaceAllUsesWith(copy);
    b.CreateMemCpy(copy, alignment, &argument, alignment, layout.getTypeAllocSize(type));
    argument.removeAttr(llvm::Attribute::ByVal);
  }
}

template <class Visit>
void visit_placeholders(const llvm::Function& body, Visit visit) {
  for (const llvm::Instruction& instruction : llvm::instructions(body)) {
    auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call && call->getCalledFunction()) visit(*call, *call->getCalledFunction());
  }
}

}  // namespace

namespace {

/// Runs LLVM's passes.
struct Simplifier {
  Simplifier() {
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);
    passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
    passes.addPass(llvm::EarlyCSEPass());
    passes.addPass(llvm::SimplifyCFGPass());
  }

  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder;
  llvm::FunctionPassManager passes;
};

}  // namespace

void simplify_bodies(llvm::Module& module) {
  inline_what_asks_for_items(module);
  Simplifier simplifier;
  llvm::AlwaysInlinerPass(/*InsertLifetime=*/false).run(module, simplifier.modules);
  simplifier.modules.clear();
  simplifier.functions.clear();
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    copy_by_value_parameters(function);
    simplifier.passes.run(function, simplifier.functions);
  }
}

void simplify_body(llvm::Function& body) {
  Simplifier simplifier;
  simplifier.passes.run(body, simplifier.functions);
}

void complete_bodies(llvm::Module& module) {
  for (llvm::Function& function : module)
    if (!function.isDeclaration()) function.addFnAttr(llvm::Attribute::AlwaysInline);
  Simplifier simplifier;
  llvm::AlwaysInlinerPass(/*InsertLifetime=*/false).run(module, simplifier.modules);
  simplifier.modules.clear();
  simplifier.functions.clear();
  llvm::FunctionPassManager promote;
  promote.addPass(llvm::PromotePass());
  for (llvm::Function& function : module)
    if (!function.isDeclaration()) promote.run(function, simplifier.functions);
}

bool has_barrier(const llvm::Function& body) {
  bool found = false;
  visit_placeholders(
      body, [&](const llvm::CallInst&, const llvm::Function& callee) { found |= spirv::waits_for_items(callee); });
  return found;
}

bool has_loop(const llvm::Function& body) {
  llvm::SmallPtrSet<const llvm::Function*, 8> seen = {&body};
  std::vector<const llvm::Function*> work = {&body};
  while (!work.empty()) {
    const llvm::Function& function = *work.back();
    work.pop_back();
    llvm::SmallVector<std::pair<const llvm::BasicBlock*, const llvm::BasicBlock*>, 4> edges;
    llvm::FindFunctionBackedges(function, edges);
    if (!edges.empty()) return true;
    for (const llvm::Instruction& instruction : llvm::instructions(function)) {
      auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      if (!call || call->isInlineAsm()) continue;
      const llvm::Function* callee = call->getCalledFunction();
      if (!callee) return true;  // nobody knows which
      if (!callee->isDeclaration() && seen.insert(callee).second) work.push_back(callee);
    }
  }
  return false;
}

bool depends_on_group(const llvm::Function& body) {
  bool found = false;
  visit_placeholders(body, [&](const llvm::CallInst& call, const llvm::Function& callee) {
    const llvm::StringRef name = callee.getName();
    if (name == spirv::kLocalVariable) found = true;
    if (name != spirv::kItemQuery) return;
    const auto query = llvm::cast<llvm::ConstantInt>(call.getArgOperand(0))->getZExtValue();
    found |= query == static_cast<uint64_t>(spirv::ItemQuery::kLocalId) ||
             query == static_cast<uint64_t>(spirv::ItemQuery::kGroupId);
  });
  return found;
}

}  // namespace metate::ze_software::work_group

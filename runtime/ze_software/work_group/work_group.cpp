#include "runtime/ze_software/work_group/work_group.h"

#include <llvm/IR/Module.h>

#include "runtime/ze_software/check/instrument.h"
#include "runtime/ze_software/work_group/barrier_regions.h"
#include "runtime/ze_software/work_group/body.h"
#include "runtime/ze_software/work_group/entry_function.h"
#include "runtime/ze_software/work_group/prechecks.h"
#include "runtime/ze_software/work_group/usual_items.h"

namespace metate::ze_software::work_group {
namespace {

/// What some arrays hold for so many items stays in the first-level cache from the checks to the items.
constexpr uint64_t kCheckedAhead = 512;

/// Items without loops: less work than this is not worth a second thread.
constexpr uint32_t kShortItems = 4096;

bool has_private_memory(llvm::Function& function) {
  for (llvm::Instruction& instruction : function.getEntryBlock()) {
    if (llvm::isa<llvm::AllocaInst>(instruction)) return true;
  }
  return false;
}

/// The items of a launch as one long range, in rows along x: groups do not matter to this kernel. `row` makes the code
/// for the items [begin, end) along x, whose first has the linear number `first`.
template <class Row>
void loop_over_rows(EntryFunction& entry, Row row) {
  llvm::IRBuilder<>& b = entry.builder();
  const Triple& size = entry.global_size();
  llvm::AllocaInst* item = entry.variable(b.getInt64Ty(), "item");
  b.CreateStore(entry.range_begin(), item);
  auto* rows = llvm::BasicBlock::Create(b.getContext(), "row", &entry.function());
  b.CreateBr(rows);
  b.SetInsertPoint(rows);
  llvm::Value* first = b.CreateLoad(b.getInt64Ty(), item);
  llvm::Value* number = b.CreateUDiv(first, size[0]);
  llvm::Value* begin = b.CreateSub(first, b.CreateMul(number, size[0]));
  llvm::Value* z = b.CreateUDiv(number, size[1]);
  llvm::Value* y = b.CreateSub(number, b.CreateMul(z, size[1]));
  llvm::Value* count = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, b.CreateSub(entry.range_end(), first),
                                               b.CreateSub(size[0], begin));
  ItemPlace place{};
  place.global_id = {nullptr, y, z};
  row(place, first, begin, b.CreateAdd(begin, count, "", true, true));
  llvm::Value* next = b.CreateAdd(first, count);
  b.CreateStore(next, item);
  auto* end = llvm::BasicBlock::Create(b.getContext(), "done", &entry.function());
  b.CreateCondBr(b.CreateICmpULT(next, entry.range_end()), rows, end);
  b.SetInsertPoint(end);
  entry.return_status(RangeStatus::kDone);
}

/// One after the other along x. Returns the branch at the loop's end, and the blocks of the body.
std::pair<llvm::BranchInst*, std::vector<llvm::BasicBlock*>> loop_along_x(EntryFunction& entry, llvm::Function& body,
                                                                          ItemPlace place, llvm::Value* begin,
                                                                          llvm::Value* end) {
  std::vector<llvm::BasicBlock*> blocks;
  llvm::BranchInst* branch = entry.loop(begin, end, "x", [&](llvm::Value* x) {
    place.global_id[0] = x;
    blocks = entry.inline_body(body, entry.arguments()).blocks;
  });
  entry.resolve(blocks, place);
  return {branch, std::move(blocks)};
}

/// Items are independent, unless a private variable is left, which is one for all.
void finish_items(EntryFunction& entry, llvm::BranchInst* branch, std::span<llvm::BasicBlock* const> blocks) {
  entry.promote_variables();
  if (!has_private_memory(entry.function())) entry.mark_parallel(branch, blocks);
}

void loop_over_items(EntryFunction& entry, llvm::Function& body) {
  std::pair<llvm::BranchInst*, std::vector<llvm::BasicBlock*>> loop;
  loop_over_rows(entry, [&](const ItemPlace& place, llvm::Value*, llvm::Value* begin, llvm::Value* end) {
    loop = loop_along_x(entry, body, place, begin, end);
  });
  finish_items(entry, loop.first, loop.second);
}

/// The items between the guards of their rows and the ends, if there are any, and those that checks of numbers will
/// send aside, run in `checked`, a function like the entry that does as the kernel is written. The others run without.
class UsualItems {
 public:
  UsualItems(EntryFunction& entry, const Guards& guards, const Prechecks& prechecks, llvm::Function& usual,
             llvm::Function& checked)
      : entry_(entry), b_(entry.builder()), guards_(guards), usual_(usual), checked_(checked) {
    if (prechecks.empty()) return;
    passes_ = prechecks.condition();
    prechecks.assume_passed();
    simplify_body(usual);
  }

  void loop() {
    loop_over_rows(entry_, [&](const ItemPlace& place, llvm::Value* first, llvm::Value* begin, llvm::Value* end) {
      origin_ = b_.CreateSub(first, begin);
      const Row ids{begin, end, entry_.global_offset()[0]};
      auto [low, high] = guards_.usual_range(entry_, entry_.arguments(), place, ids);
      run_checked(begin, low);
      entry_.when(b_.CreateICmpULT(low, high),
                  [&, low = low, high = high] { passes_ ? check_ahead(place, low, high) : run(place, low, high); });
      run_checked(high, end);
    });
    finish_items(entry_, loop_.first, loop_.second);
  }

 private:
  void run(const ItemPlace& place, llvm::Value* begin, llvm::Value* end) {
    loop_ = loop_along_x(entry_, usual_, place, begin, end);
  }

  void run_checked(llvm::Value* begin, llvm::Value* end) {
    entry_.when(b_.CreateICmpULT(begin, end), [&] {
      llvm::Function& self = entry_.function();
      b_.CreateCall(&checked_, {self.getArg(0), self.getArg(1), self.getArg(2), self.getArg(3),
                                b_.CreateAdd(origin_, begin), b_.CreateAdd(origin_, end)});
    });
  }

  void check_ahead(ItemPlace place, llvm::Value* low, llvm::Value* high) {
    llvm::AllocaInst* begin = entry_.variable(b_.getInt64Ty(), "ahead");
    b_.CreateStore(low, begin);
    auto* some = llvm::BasicBlock::Create(b_.getContext(), "ahead", &entry_.function());
    auto* done = llvm::BasicBlock::Create(b_.getContext(), "ahead.end", &entry_.function());
    b_.CreateBr(some);
    b_.SetInsertPoint(some);
    llvm::Value* from = b_.CreateLoad(b_.getInt64Ty(), begin);
    llvm::Value* count =
        b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, b_.CreateSub(high, from), b_.getInt64(kCheckedAhead));
    llvm::Value* to = b_.CreateAdd(from, count, "", true, true);
    llvm::Value* passed = all_pass(place, from, to);
    entry_.when(passed, [&] { run(place, from, to); });
    entry_.when(b_.CreateNot(passed), [&] { run_checked(from, to); });
    b_.CreateStore(to, begin);
    b_.CreateCondBr(b_.CreateICmpULT(to, high), some, done);
    b_.SetInsertPoint(done);
  }

  llvm::Value* all_pass(ItemPlace place, llvm::Value* begin, llvm::Value* end) {
    llvm::AllocaInst* all = entry_.variable(b_.getInt1Ty(), "passed");
    b_.CreateStore(b_.getTrue(), all);
    std::vector<llvm::BasicBlock*> blocks;
    entry_.loop(begin, end, "check", [&](llvm::Value* x) {
      place.global_id[0] = x;
      EntryFunction::Inlined check = entry_.inline_body(*passes_, entry_.arguments());
      b_.CreateStore(b_.CreateAnd(b_.CreateLoad(b_.getInt1Ty(), all), check.result), all);
      blocks = std::move(check.blocks);
    });
    entry_.resolve(blocks, place);
    return b_.CreateLoad(b_.getInt1Ty(), all);
  }

  EntryFunction& entry_;
  llvm::IRBuilder<>& b_;
  const Guards& guards_;
  llvm::Function& usual_;
  llvm::Function& checked_;
  llvm::Function* passes_ = nullptr;  // whether an item passes the checks that are made ahead, if there are some
  llvm::Value* origin_ = nullptr;     // the number of the row's first item
  std::pair<llvm::BranchInst*, std::vector<llvm::BasicBlock*>> loop_;
};

/// Rarely called code costs little to compile (runtime/jit/rare_paths).
llvm::Function& make_checked_items(spirv::Module& module, const spirv::KernelInfo& info, const std::string& symbol) {
  CompiledKernel same;
  EntryFunction entry(*module.module, info, module.locals, same, symbol + ".checked");
  loop_over_items(entry, *info.body);
  entry.function().setLinkage(llvm::GlobalValue::InternalLinkage);
  entry.function().addFnAttr(llvm::Attribute::Cold);
  entry.function().addFnAttr(llvm::Attribute::NoInline);
  return entry.function();
}

/// Group by group, item by item.
void loop_over_groups(EntryFunction& entry, llvm::Function& body) {
  std::vector<llvm::BasicBlock*> blocks;
  llvm::BranchInst* branch = nullptr;
  entry.loop(entry.range_begin(), entry.range_end(), "group", [&](llvm::Value* group) {
    ItemPlace place = entry.group_place(group);
    branch = entry.item_loops([&](const Triple& local_id, llvm::Value*) {
      entry.set_local_ids(place, local_id);
      blocks = entry.inline_body(body, entry.arguments()).blocks;
    });
    entry.resolve(blocks, place);
  });
  entry.return_status(RangeStatus::kDone);
  if (!has_private_memory(entry.function())) entry.mark_parallel(branch, blocks);
}

CompiledKernel make_entry(spirv::Module& module, const spirv::KernelInfo& info, const std::string& symbol) {
  CompiledKernel kernel;
  kernel.name = info.name;
  kernel.attributes = info.attributes;
  std::copy_n(info.required_group_size, 3, kernel.required_group_size);
  kernel.required_sub_group_size = info.required_sub_group_size;
  if (info.required_sub_group_size) kernel.sub_group_size = info.required_sub_group_size;
  kernel.grain = has_loop(*info.body) ? 1 : kShortItems;
  EntryFunction entry(*module.module, info, module.locals, kernel, symbol);
  const bool has_local_parameter = std::find(info.parameters.begin(), info.parameters.end(),
                                             spirv::ParameterKind::kLocalPointer) != info.parameters.end();
  if (has_barrier(*info.body)) {
    kernel.bytes_per_item = split_at_barriers(entry, *info.body, module.conventions);
  } else if (has_local_parameter || depends_on_group(*info.body)) {
    loop_over_groups(entry, *info.body);
  } else {
    kernel.range_unit = RangeUnit::kItem;
    const Guards guards(*info.body);
    llvm::Function* usual = guards.usual_body();
    simplify_body(*usual);
    const Prechecks prechecks(*usual, module.conventions);
    if (guards.empty() && prechecks.empty()) {
      loop_over_items(entry, *info.body);
    } else {
      UsualItems(entry, guards, prechecks, *usual, make_checked_items(module, info, symbol)).loop();
    }
  }
  return kernel;
}

/// Nothing calls the bodies any more, and nothing defines the placeholders in them.
void remove_dead_functions(llvm::Module& module) {
  bool removed = true;
  while (removed) {
    removed = false;
    for (llvm::Function& function : llvm::make_early_inc_range(module)) {
      const bool placeholder = function.isDeclaration() && !function.isIntrinsic();
      if (!function.use_empty() || !(function.hasLocalLinkage() || placeholder)) continue;
      function.eraseFromParent();
      removed = true;
    }
  }
}

}  // namespace

std::vector<CompiledKernel> make_entries(spirv::Module& module, std::vector<std::string>& symbols, bool check) {
  std::vector<std::shared_ptr<const check::KernelCheck>> checks(module.kernels.size());
  if (check) {
    complete_bodies(*module.module);
    for (size_t i = 0; i < checks.size(); ++i)
      if (module.kernels[i].body) checks[i] = check::instrument(module, module.kernels[i]);
  }
  simplify_bodies(*module.module);
  std::vector<CompiledKernel> kernels;
  for (const spirv::KernelInfo& info : module.kernels) {
    symbols.push_back("metate.kernel." + std::to_string(kernels.size()));
    if (!info.body) {
      kernels.push_back({.name = info.name, .refusal = info.refusal});
      continue;
    }
    kernels.push_back(make_entry(module, info, symbols.back()));
    kernels.back().check = checks[kernels.size() - 1];
  }
  for (const spirv::KernelInfo& info : module.kernels)
    if (info.body) info.body->setLinkage(llvm::GlobalValue::InternalLinkage);
  remove_dead_functions(*module.module);
  return kernels;
}

}  // namespace metate::ze_software::work_group

// kernels – entry points of devices: functions that are launched, and nests that a function leaves to a device.
#include <algorithm>

#include "compiler/codegen/check_marks.h"
#include "compiler/codegen/function_lowering.h"
#include "compiler/ir/analysis/captures.h"
#include "compiler/types/slots.h"

namespace metate::codegen {
namespace {

/// The arguments of a kernel that stand for values of functions: their leaves, but for owners, which no device has.
class KernelArguments {
 public:
  KernelArguments(ModuleLowering& module, std::span<const types::TypeId> values) : module_(module), values_(values) {}

  void append_types(llvm::SmallVectorImpl<llvm::Type*>& types) const {
    each_leaf([&](llvm::Type* leaf, bool owner) {
      if (!owner) types.push_back(leaf->isIntegerTy(1) ? llvm::Type::getInt8Ty(module_.context()) : leaf);
    });
  }

  /// The leaves of the values, from the kernel's arguments; `next` is the first of them.
  void append_leaves(llvm::IRBuilder<>& builder, llvm::Function& kernel, unsigned& next,
                     llvm::SmallVectorImpl<llvm::Value*>& leaves) const {
    each_leaf([&](llvm::Type* leaf, bool owner) {
      if (owner) {
        leaves.push_back(llvm::Constant::getNullValue(leaf));
        return;
      }
      llvm::Value* argument = kernel.getArg(next++);
      leaves.push_back(leaf->isIntegerTy(1) ? builder.CreateIsNotNull(argument) : argument);
    });
  }

 private:
  template <class Visit>
  void each_leaf(const Visit& visit) const {
    for (types::TypeId id : values_) each_leaf_of(id, visit);
  }

  template <class Visit>
  void each_leaf_of(types::TypeId id, const Visit& visit) const {
    const types::TypeTable& types = module_.universe().types;
    for (types::TypeId element : types[id].elements) each_leaf_of(element, visit);
    if (!types[id].elements.empty()) return;
    bool is_array = types.is_array(id);
    unsigned index = 0;
    for (llvm::Type* leaf : module_.leaf_types().leaves(id)) visit(leaf, is_array && index++ == kOwnerLeaf);
  }

  ModuleLowering& module_;
  std::span<const types::TypeId> values_;
};

llvm::Function* make_kernel(ModuleLowering& module, llvm::ArrayRef<llvm::Type*> types, std::string_view symbol) {
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(module.context()), types, false);
  auto* kernel = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, module.module());
  kernel->setCallingConv(llvm::CallingConv::SPIR_KERNEL);
  kernel->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::BasicBlock::Create(module.context(), "", kernel);
  return kernel;
}

void inline_everything(llvm::Module& module) {
  for (llvm::Function& callee : module)
    if (callee.hasInternalLinkage()) callee.addFnAttr(llvm::Attribute::AlwaysInline);
}

constexpr size_t kDimensions = 3;  // of devices

/// Constants that a kernel makes itself: what is known when it is compiled makes faster code.
bool is_made_inside(const ir::Function& function, ir::Value value) {
  return function.constant(value).valid() && !function.universe().types.is_array(function.type(value));
}

}  // namespace

void ModuleLowering::add_kernel(const ir::Function& function, std::string_view symbol) {
  std::vector<types::TypeId> parameters;
  for (ir::Value parameter : function.params()) parameters.push_back(function.type(parameter));
  KernelArguments values(*this, parameters);
  llvm::SmallVector<llvm::Type*, 16> types;
  values.append_types(types);
  types.push_back(llvm::PointerType::get(context_, target_.context_address_space()));

  llvm::Function* kernel = make_kernel(*this, types, symbol);
  llvm::IRBuilder<> builder(&kernel->getEntryBlock());
  llvm::Value* results = builder.CreateAlloca(builder.getInt64Ty());  // a kernel returns None: nothing is written
  llvm::SmallVector<llvm::Value*, 16> arguments{kernel->getArg(static_cast<unsigned>(types.size()) - 1), results};
  unsigned next = 0;
  values.append_leaves(builder, *kernel, next, arguments);
  if (checked_) mark_internal(*this, builder, arguments[0]);
  builder.CreateCall(declare(universe_.symbols.name(function.name), parameters), arguments);
  builder.CreateRetVoid();
  inline_everything(*module_);
}

void ModuleLowering::add_nest_kernel(const DeviceNest& nest, std::string_view symbol) {
  const ir::Function& function = *nest.function;
  const unsigned rank = function.nests[function.inst(nest.nest).imm].rank;
  std::vector<types::TypeId> captures;
  for (ir::Value value : nest.captures) captures.push_back(function.type(value));
  KernelArguments values(*this, captures);
  llvm::Type* i64 = llvm::Type::getInt64Ty(context_);
  llvm::Type* errors = llvm::PointerType::get(context_, target_.context_address_space());

  llvm::SmallVector<llvm::Type*, 16> types;
  values.append_types(types);
  types.append(rank, i64);
  types.push_back(errors);
  llvm::Function* kernel = make_kernel(*this, types, symbol);
  llvm::IRBuilder<> builder(&kernel->getEntryBlock());
  llvm::SmallVector<llvm::Value*, 16> arguments{kernel->getArg(static_cast<unsigned>(types.size()) - 1)};
  unsigned next = 0;
  values.append_leaves(builder, *kernel, next, arguments);
  if (checked_) mark_internal(*this, builder, arguments[0]);
  while (next + 1 < types.size()) arguments.push_back(kernel->getArg(next++));

  llvm::SmallVector<llvm::Type*, 16> item_types{errors};
  for (types::TypeId capture : captures) item_types.append(leaf_types_.leaves(capture));
  item_types.append(rank, i64);
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), item_types, false);
  auto* item = llvm::Function::Create(type, llvm::Function::InternalLinkage, std::string(symbol) + ".item", *module_);
  item->addFnAttr(llvm::Attribute::NoUnwind);
  item->addParamAttr(0, llvm::Attribute::NoAlias);
  long_loops_ = LongLoops(function);
  FunctionLowering(*this, function, *item).lower_item(nest.nest, nest.captures);
  builder.CreateCall(item, arguments);
  builder.CreateRetVoid();
  inline_everything(*module_);
}

void FunctionLowering::lower_device_nest(ir::Inst inst) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  std::vector<ir::Value> captures = ir::captures_of(ir_, nest.body);
  std::erase_if(captures, [&](ir::Value value) { return is_made_inside(ir_, value); });
  llvm::Value* env = store_in_frame(captures);
  llvm::Value* extents = store_in_frame(ir_.operands(inst).first(nest.rank));
  auto number = static_cast<uint32_t>(module_.add_device_nest({&ir_, inst, std::move(captures)}));
  llvm::Value* status =
      builder_.CreateCall(module_.runtime_call("metate_offload"), {context(), builder_.getInt32(number), extents, env});
  propagate_error(builder_.CreateIsNotNull(status), inst);
}

void FunctionLowering::lower_item(ir::Inst inst, std::span<const ir::Value> captures) {
  const ir::NestData& nest = ir_.nests[ir_.inst(inst).imm];
  root_ = nest.body;
  unsigned next = 1;
  auto take = [&](size_t count) {
    Leaves taken;
    while (taken.size() < count) taken.push_back(target_.getArg(next++));
    return taken;
  };
  for (ir::Value value : captures) set_leaves(value, take(leaf_types().leaf_count(ir_.type(value))));
  for (ir::Value value : ir::captures_of(ir_, nest.body)) {
    if (!is_made_inside(ir_, value)) continue;
    Leaves constant;
    append_constant(ir_.constant(value), constant);
    set_leaves(value, std::move(constant));
  }
  if (module_.is_checked()) mark_kernel(*this, std::clamp<unsigned>(nest.rank, 1, kDimensions), captures);
  lower_indices(inst, take(nest.rank));
  nests_.push_back({new_block("done"), {}});
  lower_region(nest.body);
  builder_.SetInsertPoint(nests_.back().latch);
  builder_.CreateRetVoid();
  nests_.pop_back();
}

/// The iteration of this work-item; leaves the function where there is none.
void FunctionLowering::lower_indices(ir::Inst inst, std::span<llvm::Value* const> extents) {
  std::span<const ir::Value> params = ir_.block(ir_.region(ir_.nests[ir_.inst(inst).imm].body).blocks.front()).params;
  const size_t rank = extents.size();
  if (rank == 0) return;  // one item, and nobody else
  const size_t dimensions = std::min(rank, kDimensions);
  const size_t shared = rank - dimensions;  // axes that share dimension 0 with the one behind them
  llvm::SmallVector<llvm::Value*, kDimensions> ids;
  llvm::Value* inside = nullptr;
  for (size_t i = 0; i < dimensions; ++i) {
    llvm::Value* dimension = builder_.getInt64(kDimensions - dimensions + i);
    ids.push_back(module_.target().work_item(*this, ir::WorkItemQuery::kGlobalId, dimension));
    llvm::Value* extent = extents[shared + i];
    for (size_t axis = 0; i == 0 && axis < shared; ++axis) extent = builder_.CreateMul(extent, extents[axis]);
    llvm::Value* good = builder_.CreateICmpSLT(ids[i], extent);
    inside = inside ? builder_.CreateAnd(inside, good) : good;
  }
  llvm::BasicBlock* run = new_block("run");
  builder_.CreateCondBr(inside, run, error_target(root_));
  builder_.SetInsertPoint(run);
  for (size_t axis = shared; axis > 0; --axis) {
    set_leaf(params[axis], builder_.CreateURem(ids[0], extents[axis]));
    ids[0] = builder_.CreateUDiv(ids[0], extents[axis]);
  }
  set_leaf(params[0], ids[0]);
  for (size_t i = 1; i < dimensions; ++i) set_leaf(params[shared + i], ids[i]);
}

}  // namespace metate::codegen

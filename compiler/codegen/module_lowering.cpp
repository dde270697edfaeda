#include "compiler/codegen/module_lowering.h"

#include "compiler/codegen/function_lowering.h"
#include "compiler/types/slots.h"

namespace metate::codegen {

ModuleLowering::ModuleLowering(llvm::LLVMContext& context, ir::Universe& universe, TargetLowering& target,
                               std::string_view name)
    : context_(context),
      universe_(universe),
      target_(target),
      module_(std::make_unique<llvm::Module>(name, context)),
      leaf_types_(context, universe, target.address_spaces()) {
  // Before the first instruction: alignments of loads and stores are taken from it.
  module_->setTargetTriple(llvm::Triple(target.triple()));
  module_->setDataLayout(target.data_layout());
}

std::unique_ptr<llvm::Module> ModuleLowering::take_module() {
  if (lines_) lines_->finish();
  return std::move(module_);
}

int32_t ModuleLowering::add_site(ErrorSite site) {
  sites_.push_back(std::move(site));
  return static_cast<int32_t>(sites_.size() - 1);
}

int32_t ModuleLowering::add_device_nest(DeviceNest nest) {
  device_nests_.push_back(std::move(nest));
  return static_cast<int32_t>(device_nests_.size() - 1);
}

llvm::Function* ModuleLowering::declare(std::string_view name, std::span<const types::TypeId> parameters) {
  if (llvm::Function* known = module_->getFunction(name)) return known;
  llvm::Type* pointer = llvm::PointerType::get(context_, 0);
  llvm::SmallVector<llvm::Type*, 16> types{llvm::PointerType::get(context_, target_.context_address_space()), pointer};
  for (types::TypeId parameter : parameters) types.append(leaf_types_.leaves(parameter));

  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(context_), types, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, *module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  for (unsigned i = 0; i < 2; ++i) {
    function->addParamAttr(i, llvm::Attribute::NoAlias);
    function->addParamAttr(i, llvm::Attribute::NoUndef);
  }
  for (unsigned i = 2; i < types.size(); ++i) function->addParamAttr(i, llvm::Attribute::NoUndef);
  return function;
}

void ModuleLowering::add_function(const ir::Function& function) {
  METATE_ASSERT(function.stage == ir::Stage::kLoop);
  long_loops_ = LongLoops(function);
  std::vector<types::TypeId> parameters;
  for (ir::Value parameter : function.params()) parameters.push_back(function.type(parameter));
  llvm::Function* target = declare(universe_.symbols.name(function.name), parameters);
  if (function.options.always_inline && !is_recursive(function.name)) target->addFnAttr(llvm::Attribute::AlwaysInline);
  FunctionLowering(*this, function, *target).lower_body();
}

void ModuleLowering::add_entry(const ir::Function& function, std::string_view symbol) {
  llvm::Type* pointer = llvm::PointerType::get(context_, 0);
  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(context_), {pointer, pointer, pointer}, false);
  auto* entry = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, *module_);
  entry->addFnAttr(llvm::Attribute::NoUnwind);
  for (unsigned i = 0; i < 3; ++i) entry->addParamAttr(i, llvm::Attribute::NoAlias);

  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context_, "", entry));
  if (lines_) lines_->begin(function, *entry, builder);
  std::vector<types::TypeId> parameters;
  llvm::SmallVector<llvm::Value*, 16> arguments{entry->getArg(0), entry->getArg(1)};
  unsigned slot = 0;
  for (ir::Value parameter : function.params()) {
    types::TypeId type_id = function.type(parameter);
    parameters.push_back(type_id);
    llvm::Value* slots = builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), entry->getArg(2), slot);
    arguments.append(leaf_types_.load_slots(builder, type_id, slots));
    slot += static_cast<unsigned>(types::slot_count(type_id, universe_.types));
  }
  llvm::Function* callee = declare(universe_.symbols.name(function.name), parameters);
  builder.CreateRet(builder.CreateCall(callee, arguments));
}

llvm::GlobalVariable* ModuleLowering::group_variable(llvm::Type* type, unsigned address_space) {
  auto* variable = new llvm::GlobalVariable(*module_, type, /*isConstant=*/false, llvm::GlobalValue::InternalLinkage,
                                            llvm::UndefValue::get(type), "local", nullptr,
                                            llvm::GlobalValue::NotThreadLocal, address_space);
  variable->setAlignment(llvm::Align(kLocalAlign));
  return variable;
}

llvm::FunctionCallee ModuleLowering::runtime_call(std::string_view name) {
  if (llvm::Function* known = module_->getFunction(name)) return known;
  llvm::Type* const I32 = llvm::Type::getInt32Ty(context_);
  llvm::Type* const I64 = llvm::Type::getInt64Ty(context_);
  llvm::Type* const PTR = llvm::PointerType::get(context_, 0);
  llvm::Type* const VOID = llvm::Type::getVoidTy(context_);
  struct Row {
    std::string_view name;
    llvm::Type* result;
    llvm::SmallVector<llvm::Type*, 5> arguments;
  };
  const Row rows[] = {
#define RUNTIME_CALL(name, result, ...) {#name, result, {__VA_ARGS__}},
#include "runtime/abi/runtime_calls.def"
#undef RUNTIME_CALL
  };
  for (const Row& row : rows) {
    if (row.name != name) continue;
    auto* type = llvm::FunctionType::get(row.result, row.arguments, false);
    auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, *module_);
    function->addFnAttr(llvm::Attribute::NoUnwind);
    if (name.starts_with("metate_alloc")) function->addRetAttr(llvm::Attribute::NoAlias);
    return function;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::codegen

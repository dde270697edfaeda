// c_interface – C functions that compiled code calls, and compiled functions that C calls.
#include <cstddef>

#include "compiler/codegen/function_lowering.h"
#include "compiler/types/slots.h"
#include "runtime/abi/context.h"

namespace metate::codegen {
namespace {

using types::Type;
using types::TypeKind;

/// C extends integers narrower than int on their way into and out of functions (and Clang relies on it).
llvm::Attribute::AttrKind extension(const Type& type) {
  bool narrow = type.kind == TypeKind::kScalar && !is_float(type.dtype) && size(type.dtype) < 4;
  if (!narrow) return llvm::Attribute::None;
  return is_signed(type.dtype) ? llvm::Attribute::SExt : llvm::Attribute::ZExt;
}

/// How C sees a value: a number as it lies in memory, an array as the address of its data, None as a null pointer.
llvm::Type* c_type(const LeafTypes& leaves, const Type& type, llvm::LLVMContext& context) {
  if (type.kind == TypeKind::kScalar) return leaves.memory(type.dtype);
  return llvm::PointerType::get(context, 0);
}

}  // namespace

void FunctionLowering::lower_call_foreign(ir::Inst inst) {
  std::span<const ir::Value> operands = ir_.operands(inst), results = ir_.results(inst);
  llvm::LLVMContext& context = module_.context();
  llvm::SmallVector<llvm::Type*, 8> types;
  llvm::SmallVector<llvm::Value*, 8> arguments;
  for (ir::Value operand : operands.subspan(1)) {
    const Type& type = ir_.type_data(operand);
    llvm::Type* c = c_type(leaf_types(), type, context);
    llvm::Value* value = type.kind == TypeKind::kConstant
                             ? llvm::ConstantPointerNull::get(llvm::cast<llvm::PointerType>(c))
                             : leaves(operand)[kDataLeaf];
    if (value->getType()->isIntegerTy(1)) value = builder_.CreateZExt(value, c);
    types.push_back(c);
    arguments.push_back(value);
  }
  llvm::Type* result = results.empty() ? builder_.getVoidTy() : leaf_types().memory(ir_.type_data(results[0]).dtype);
  llvm::Value* address = builder_.CreateIntToPtr(leaf(operands[0]), builder_.getPtrTy());
  llvm::CallInst* call = builder_.CreateCall(llvm::FunctionType::get(result, types, false), address, arguments);
  for (unsigned i = 0; i < arguments.size(); ++i)
    if (auto kind = extension(ir_.type_data(operands[i + 1])); kind != llvm::Attribute::None)
      call->addParamAttr(i, kind);
  if (results.empty()) return;
  if (auto kind = extension(ir_.type_data(results[0])); kind != llvm::Attribute::None) call->addRetAttr(kind);
  bool is_bool = ir_.type_data(results[0]).dtype == types::DType::kBool;
  set_leaf(results[0], is_bool ? builder_.CreateIsNotNull(call) : call);
}

void ModuleLowering::add_c_function(const ir::Function& function, std::string_view symbol) {
  const Type& result_type = universe_.types[function.return_type];
  bool gives = result_type.kind == TypeKind::kScalar;
  llvm::Type* result = gives ? leaf_types_.memory(result_type.dtype) : llvm::Type::getVoidTy(context_);
  llvm::SmallVector<llvm::Type*, 8> types;
  std::vector<types::TypeId> parameters;
  for (ir::Value parameter : function.params()) {
    parameters.push_back(function.type(parameter));
    types.push_back(c_type(leaf_types_, function.type_data(parameter), context_));
  }
  auto* c = llvm::Function::Create(llvm::FunctionType::get(result, types, false), llvm::Function::ExternalLinkage,
                                   symbol, *module_);
  c->addFnAttr(llvm::Attribute::NoUnwind);
  if (extension(result_type) != llvm::Attribute::None) c->addRetAttr(extension(result_type));
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context_, "", c));

  // A context of its own, whose rest is copied from the caller's model (driver::Session::compile_callback).
  llvm::Type* bytes = llvm::ArrayType::get(builder.getInt8Ty(), sizeof(abi::Context));
  llvm::AllocaInst* context = builder.CreateAlloca(bytes);
  context->setAlignment(llvm::Align(alignof(abi::Context)));
  auto* model = new llvm::GlobalVariable(*module_, bytes, true, llvm::GlobalValue::ExternalLinkage, nullptr,
                                         "metate_callback_context");
  constexpr size_t kRest = offsetof(abi::Context, stack_limit);
  auto at = [&](llvm::Value* base, size_t offset) {
    return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), base, offset);
  };
  builder.CreateStore(builder.getInt32(~0u), at(context, offsetof(abi::ErrorRecord, site)));
  builder.CreateStore(builder.getInt32(0), at(context, offsetof(abi::ErrorRecord, trace_length)));
  llvm::Align align(alignof(abi::Context));
  builder.CreateMemCpy(at(context, kRest), align, at(model, kRest), align, sizeof(abi::Context) - kRest);

  llvm::Value* slots = builder.CreateAlloca(
      builder.getInt64Ty(),
      builder.getInt32(static_cast<uint32_t>(std::max(types::slot_count(function.return_type, universe_.types), 1))));
  llvm::SmallVector<llvm::Value*, 8> arguments{context, slots};
  for (unsigned i = 0; i < parameters.size(); ++i) {
    const Type& type = universe_.types[parameters[i]];
    llvm::Value* argument = c->getArg(i);
    if (extension(type) != llvm::Attribute::None) c->addParamAttr(i, extension(type));
    arguments.push_back(type.dtype == types::DType::kBool && type.kind == TypeKind::kScalar
                            ? builder.CreateIsNotNull(argument)
                            : argument);
    if (type.kind == TypeKind::kArray)
      arguments.push_back(llvm::ConstantPointerNull::get(builder.getPtrTy()));  // no owner
  }
  llvm::Value* status = builder.CreateCall(declare(universe_.symbols.name(function.name), parameters), arguments);
  auto* failed = llvm::BasicBlock::Create(context_, "failed", c);
  auto* done = llvm::BasicBlock::Create(context_, "done", c);
  builder.CreateCondBr(builder.CreateIsNotNull(status), failed, done);
  builder.SetInsertPoint(failed);
  llvm::Value* host = builder.CreateLoad(builder.getPtrTy(), at(context, offsetof(abi::Context, host)));
  llvm::Value* report = builder.CreateLoad(builder.getPtrTy(), at(host, offsetof(abi::HostCalls, report)));
  auto* report_type = llvm::FunctionType::get(builder.getVoidTy(), {builder.getPtrTy()}, false);
  builder.CreateCall(report_type, report, {context});
  if (gives)
    builder.CreateRet(llvm::Constant::getNullValue(result));
  else
    builder.CreateRetVoid();
  builder.SetInsertPoint(done);
  if (!gives) {
    builder.CreateRetVoid();
    return;
  }
  llvm::Value* value = leaf_types_.load_slots(builder, function.return_type, slots)[0];
  builder.CreateRet(value->getType()->isIntegerTy(1) ? builder.CreateZExt(value, result) : value);
}

}  // namespace metate::codegen

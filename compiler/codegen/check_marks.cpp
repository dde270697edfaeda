#include "compiler/codegen/check_marks.h"

#include "compiler/ir/element_name.h"
#include "runtime/abi/kernel_check.h"

namespace metate::codegen {
namespace {

void call_mark(ModuleLowering& module, llvm::IRBuilder<>& builder, std::string name,
               llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::SmallVector<llvm::Type*, 4> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  auto* type = llvm::FunctionType::get(builder.getVoidTy(), types, false);
  llvm::FunctionCallee callee = module.module().getOrInsertFunction(std::string(abi::kCheckMark) + name, type);
  auto* declaration = llvm::cast<llvm::Function>(callee.getCallee());
  declaration->setCallingConv(llvm::CallingConv::SPIR_FUNC);
  declaration->setDoesNotThrow();
  llvm::CallInst* call = builder.CreateCall(callee, arguments);
  call->setCallingConv(llvm::CallingConv::SPIR_FUNC);
  // Two marks become no one mark whose line is a question: the checker reads constants.
  call->addFnAttr(llvm::Attribute::NoMerge);
}

std::string with_space(const char* word, llvm::Value* data, std::string_view name) {
  const unsigned space = data->getType()->getPointerAddressSpace();
  return std::string(word) + " " + std::to_string(space) + " " + std::string(name.empty() ? "?" : name);
}

std::string_view file_of(FunctionLowering& lowering, const ir::SourcePlace& place) {
  return place.file ? lowering.module().universe().symbols.name(place.file) : std::string_view();
}

/// Empty where it has none.
std::string_view name_of(FunctionLowering& lowering, ir::Value value) {
  const ir::Symbol name = lowering.ir().value(value).name;
  return name ? lowering.module().universe().symbols.name(name) : std::string_view();
}

llvm::Value* element_bytes(FunctionLowering& lowering, types::DType dtype) {
  return lowering.builder().getInt32(static_cast<uint32_t>(size(dtype)));
}

llvm::Value* line_of(FunctionLowering& lowering, const ir::SourcePlace& place) {
  return lowering.builder().getInt32(place.range.known() ? static_cast<uint32_t>(place.range.line) : 0);
}

/// Marks the arrays that a value is or holds.
void mark_arrays(FunctionLowering& lowering, std::string_view name, types::TypeId id,
                 llvm::ArrayRef<llvm::Value*> leaves) {
  const ir::Universe& universe = lowering.module().universe();
  const types::Type& type = universe.types[id];
  if (type.kind == types::TypeKind::kArray) {
    llvm::Value* data = leaves[kDataLeaf];
    auto [begin, end] = lowering.memory_range(type, leaves);
    call_mark(lowering.module(), lowering.builder(), with_space("array", data, name),
              {data, begin, end, element_bytes(lowering, type.dtype)});
    return;
  }
  for (size_t i = 0; i < type.elements.size(); ++i) {
    const unsigned count = lowering.leaf_types().leaf_count(type.elements[i]);
    mark_arrays(lowering, ir::element_name(name, type, i, universe), type.elements[i], leaves.take_front(count));
    leaves = leaves.drop_front(count);
  }
}

}  // namespace

void mark_line(FunctionLowering& lowering, ir::Inst inst) {
  const ir::SourcePlace& place = lowering.ir().source(inst);
  call_mark(lowering.module(), lowering.builder(), "line " + std::string(file_of(lowering, place)),
            {line_of(lowering, place)});
}

void mark_kernel(FunctionLowering& lowering, unsigned dimensions, std::span<const ir::Value> arguments) {
  const ir::Function& function = lowering.ir();
  llvm::IRBuilder<>& builder = lowering.builder();
  call_mark(lowering.module(), builder, "kernel " + lowering.module().checked_name(), {builder.getInt32(dimensions)});
  for (ir::Value argument : arguments)
    mark_arrays(lowering, name_of(lowering, argument), function.type(argument), lowering.leaves(argument));
}

void mark_storage(FunctionLowering& lowering, ir::Inst inst, llvm::Value* data) {
  const ir::SourcePlace& place = lowering.ir().source(inst);
  const ir::Value array = lowering.ir().result(inst);
  call_mark(lowering.module(), lowering.builder(),
            with_space("storage", data, name_of(lowering, array)) + " " + std::string(file_of(lowering, place)),
            {data, line_of(lowering, place), element_bytes(lowering, lowering.ir().type_data(array).dtype)});
}

void mark_global_array(FunctionLowering& lowering, const types::Constant& array, llvm::Value* data) {
  ModuleLowering& module = lowering.module();
  const types::DType dtype = module.universe().constants.frozen(array).dtype;
  // Where it is declared is not known: without file and line.
  call_mark(module, lowering.builder(), with_space("storage", data, module.global_array_name(array)) + " ",
            {data, lowering.builder().getInt32(0), element_bytes(lowering, dtype)});
}

void mark_internal(ModuleLowering& module, llvm::IRBuilder<>& builder, llvm::Value* data) {
  call_mark(module, builder, "internal", {data});
}

}  // namespace metate::codegen

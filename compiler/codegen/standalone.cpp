#include "compiler/codegen/standalone.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "compiler/codegen/module_lowering.h"
#include "runtime/abi/standalone.h"

namespace metate::codegen {
namespace {

using abi::StandaloneType;
using types::TypeKind;

StandaloneType describe(const types::Type& type) {
  if (type.kind == TypeKind::kTuple)
    return {.kind = StandaloneType::kTuple,
            .code = 0,
            .size = 0,
            .ndim = static_cast<uint8_t>(type.elements.size()),
            .layout = 0,
            .is_written = false,
            .is_python = true,
            .unused = 0};
  if (type.kind != TypeKind::kScalar && type.kind != TypeKind::kArray) return {};
  const bool is_array = type.kind == TypeKind::kArray;
  const char layouts[] = {'C', 'F', 'A'};
  return {.kind = is_array ? StandaloneType::kArray : StandaloneType::kNumber,
          .code = numpy_char(type.dtype),
          .size = static_cast<uint8_t>(size(type.dtype)),
          .ndim = type.ndim,
          .layout = layouts[static_cast<size_t>(type.layout)],
          .is_written = is_array && type.writable,
          .is_python = type.weak,
          .unused = 0};
}

/// A type and all in it, as the records have them.
void append_described(types::TypeId id, const ir::Universe& universe, std::vector<StandaloneType>& out) {
  const types::Type& type = universe.types[id];
  out.push_back(describe(type));
  if (type.kind != TypeKind::kTuple) return;
  for (types::TypeId element : type.elements) append_described(element, universe, out);
}

/// A value that C gives or takes, with its name.
struct Leaf {
  std::string name;
  types::TypeId type;
};

/// The values that are in one, in the order of their slots: elements of tuples are called "point_0", "point_1".
void append_leaves(const std::string& name, types::TypeId id, const ir::Universe& universe, std::vector<Leaf>& out) {
  const types::Type& type = universe.types[id];
  if (type.kind != TypeKind::kTuple) {
    if (describe(type).kind != StandaloneType::kNothing) out.push_back({name, id});
    return;
  }
  for (size_t i = 0; i < type.elements.size(); ++i)
    append_leaves(name + "_" + std::to_string(i), type.elements[i], universe, out);
}

/// The same function without tuples as arguments.
StandaloneExport flattened(const StandaloneExport& exported, const ir::Universe& universe) {
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < exported.arguments.size(); ++i)
    append_leaves(exported.parameters[i], exported.arguments[i], universe, leaves);
  StandaloneExport flat = exported;
  flat.parameters.clear();
  flat.arguments.clear();
  for (Leaf& leaf : leaves) {
    flat.parameters.push_back(std::move(leaf.name));
    flat.arguments.push_back(leaf.type);
  }
  return flat;
}

/// Writes the records.
class Tables {
 public:
  explicit Tables(ModuleLowering& module) : module_(module), context_(module.context()) {}

  llvm::Constant* text(std::string_view characters) {
    llvm::Constant*& known = texts_[std::string(characters)];
    if (!known) known = global(llvm::ConstantDataArray::getString(context_, characters));
    return known;
  }

  llvm::Constant* type(types::TypeId id) {
    llvm::Constant*& known = types_[id];
    if (known) return known;
    std::vector<StandaloneType> described;
    append_described(id, module_.universe(), described);
    std::vector<uint64_t> words(described.size());
    static_assert(sizeof words[0] == sizeof described[0]);
    std::memcpy(words.data(), described.data(), words.size() * sizeof words[0]);
    return known = global(llvm::ConstantDataArray::get(context_, words));
  }

  llvm::Constant* number(int64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context_), value, true);
  }
  llvm::Constant* null() { return llvm::ConstantPointerNull::get(llvm::PointerType::get(context_, 0)); }
  llvm::Constant* record(llvm::ArrayRef<llvm::Constant*> fields) {
    return llvm::ConstantStruct::getAnon(context_, fields);
  }
  /// The address of records of one shape; null where there are none.
  llvm::Constant* list(llvm::ArrayRef<llvm::Constant*> records) {
    if (records.empty()) return null();
    return global(llvm::ConstantArray::get(llvm::ArrayType::get(records[0]->getType(), records.size()), records));
  }
  llvm::GlobalVariable* global(llvm::Constant* value) {
    return new llvm::GlobalVariable(module_.module(), value->getType(), true, llvm::GlobalValue::PrivateLinkage, value);
  }

  llvm::Constant* sites(bool bare_files) {
    const ir::Universe& universe = module_.universe();
    llvm::SmallVector<llvm::Constant*> records;
    for (const ErrorSite& site : module_.take_sites()) {
      const SiteText said = site_text(site, universe);
      auto said_text = [&](const std::optional<std::string>& part) { return part ? text(*part) : null(); };
      auto name = [&](support::Symbol symbol) { return symbol ? text(universe.symbols.name(symbol)) : null(); };
      llvm::Constant* file = name(site.place.file);
      if (bare_files && site.place.file) {
        std::string_view path = universe.symbols.name(site.place.file);
        file = text(path.substr(path.rfind('/') + 1));
      }
      records.push_back(record({said_text(said.exception), said_text(said.message), file, name(site.place.function),
                                number(site.place.range.line)}));
    }
    return list(records);
  }

  llvm::Constant* function(const StandaloneExport& exported, llvm::Constant* sites) {
    llvm::SmallVector<llvm::Constant*> parameters;
    for (size_t i = 0; i < exported.arguments.size(); ++i)
      parameters.push_back(record({text(exported.parameters[i]), type(exported.arguments[i])}));
    return record({text(exported.name), module_.module().getFunction(exported.entry), list(parameters),
                   number(static_cast<int64_t>(parameters.size())), type(exported.result),
                   number(exported.may_take_long), sites});
  }

 private:
  ModuleLowering& module_;
  llvm::LLVMContext& context_;
  std::map<std::string, llvm::Constant*> texts_;
  std::map<types::TypeId, llvm::Constant*> types_;
};

/// How C hands over a value: real numbers as they are, a half as its bits, everything else by its address.
llvm::Type* c_parameter(const types::Type& type, const LeafTypes& leaves, llvm::LLVMContext& context) {
  if (type.kind != TypeKind::kScalar || is_complex(type.dtype)) return llvm::PointerType::get(context, 0);
  return type.dtype == types::DType::kF16 ? llvm::Type::getInt16Ty(context) : leaves.memory(type.dtype);
}

/// C's caller widens narrow integers or does not, by the machine; Clang relies on it where it does.
void mark_extension(llvm::Function* function, unsigned parameter, const types::Type& type) {
  if (type.kind != TypeKind::kScalar || is_float(type.dtype) || is_complex(type.dtype) || size(type.dtype) >= 4) return;
  function->addParamAttr(parameter, is_signed(type.dtype) ? llvm::Attribute::SExt : llvm::Attribute::ZExt);
}

/// int32_t name(arguments…, results…, error): puts arguments into slots, the addresses of results into a list, and
/// leaves the rest to runtime/standalone. `exported` has no tuples as arguments.
void add_c_function(ModuleLowering& module, const StandaloneExport& exported, llvm::Constant* description) {
  llvm::LLVMContext& context = module.context();
  const types::TypeTable& table = module.universe().types;
  auto* pointer = llvm::PointerType::get(context, 0);
  std::vector<Leaf> results;
  append_leaves("result", exported.result, module.universe(), results);
  llvm::SmallVector<llvm::Type*, 8> types;
  int slots = 1;
  for (types::TypeId argument : exported.arguments) {
    types.push_back(c_parameter(table[argument], module.leaf_types(), context));
    slots += own_slots(describe(table[argument]));
  }
  types.append(results.size() + 1, pointer);
  auto* function = llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getInt32Ty(context), types, false),
                                          llvm::Function::ExternalLinkage, exported.name, module.module());
  function->addFnAttr(llvm::Attribute::NoUnwind);

  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  llvm::Value* buffer = builder.CreateAlloca(builder.getInt64Ty(), builder.getInt32(static_cast<uint32_t>(slots)));
  int slot = 0;
  for (unsigned i = 0; i < exported.arguments.size(); ++i) {
    mark_extension(function, i, table[exported.arguments[i]]);
    builder.CreateStore(function->getArg(i),
                        builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), buffer, static_cast<uint64_t>(slot)));
    slot += own_slots(describe(table[exported.arguments[i]]));
  }
  const auto first = static_cast<unsigned>(exported.arguments.size()), count = static_cast<unsigned>(results.size());
  llvm::Value* addresses = builder.CreateAlloca(pointer, builder.getInt32(std::max(count, 1u)));
  for (unsigned i = 0; i < count; ++i)
    builder.CreateStore(function->getArg(first + i), builder.CreateConstInBoundsGEP1_64(pointer, addresses, i));
  llvm::Value* error = function->getArg(first + count);
  llvm::FunctionCallee call = module.module().getOrInsertFunction("metate_call_from_c", builder.getInt32Ty(), pointer,
                                                                  pointer, pointer, pointer);
  builder.CreateRet(builder.CreateCall(call, {description, buffer, addresses, error}));
}

/// `void metate_interrupt(bool on)` and the flag that it sets. Both are weak and seen from outside, so that all
/// libraries which a program is linked with have one.
void add_interrupt(ModuleLowering& module) {
  llvm::LLVMContext& context = module.context();
  auto* type = llvm::Type::getInt32Ty(context);
  static_assert(abi::kGoOn == 0 && abi::kAsk == 1);
  auto* flag = new llvm::GlobalVariable(module.module(), type, false, llvm::GlobalValue::WeakAnyLinkage,
                                        llvm::ConstantInt::get(type, abi::kGoOn), "metate_interrupt_flag");
  auto* function = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {llvm::Type::getInt1Ty(context)}, false),
      llvm::Function::WeakAnyLinkage, "metate_interrupt", module.module());
  function->addParamAttr(0, llvm::Attribute::ZExt);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  builder.CreateStore(builder.CreateZExt(function->getArg(0), type), flag)->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateRetVoid();
}

/// The function by which CPython makes the module.
void add_module_function(ModuleLowering& module, std::string_view library, llvm::Constant* description) {
  auto* pointer = llvm::PointerType::get(module.context(), 0);
  auto* function = llvm::Function::Create(llvm::FunctionType::get(pointer, {}, false), llvm::Function::ExternalLinkage,
                                          "PyInit_" + std::string(library), module.module());
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(module.context(), "", function));
  llvm::FunctionCallee make = module.module().getOrInsertFunction("metate_make_module", pointer, pointer);
  builder.CreateRet(builder.CreateCall(make, {description}));
}

}  // namespace

SiteText site_text(const ErrorSite& site, const ir::Universe& universe) {
  SiteText text;
  if (site.kind == ErrorSite::Kind::kRaise) text.exception = ir::exception_name(site.message, universe);
  if (!site.message.parts.empty())
    text.message = ir::text_of(site.message, universe, [&](size_t number) {
      return std::string{abi::kValueMark, numpy_char(universe.types[site.value_types[number]].dtype)};
    });
  return text;
}

void hide_definitions(ModuleLowering& module) {
  for (llvm::Function& function : module.module())
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
}

void add_dispatch(ModuleLowering& module, std::string_view entry, std::span<const StandaloneVariant> variants) {
  llvm::LLVMContext& context = module.context();
  auto* pointer = llvm::PointerType::get(context, 0);
  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(context), {pointer, pointer, pointer}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, entry, module.module());
  function->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  auto call = [&](const StandaloneVariant& variant) {
    auto* callee = llvm::cast<llvm::Function>(module.module().getOrInsertFunction(variant.entry, type).getCallee());
    callee->setVisibility(llvm::GlobalValue::HiddenVisibility);
    builder.CreateRet(builder.CreateCall(callee, {function->getArg(0), function->getArg(1), function->getArg(2)}));
  };
  llvm::Value* level =
      builder.CreateCall(module.module().getOrInsertFunction("metate_cpu_level", builder.getInt32Ty()));
  for (size_t i = variants.size() - 1; i > 0; --i) {
    auto* found = llvm::BasicBlock::Create(context, "found", function);
    auto* next = llvm::BasicBlock::Create(context, "next", function);
    builder.CreateCondBr(builder.CreateICmpSGE(level, builder.getInt32(static_cast<uint32_t>(variants[i].level))),
                         found, next);
    builder.SetInsertPoint(found);
    call(variants[i]);
    builder.SetInsertPoint(next);
  }
  call(variants[0]);
}

void add_standalone(ModuleLowering& module, std::string_view library, std::span<const StandaloneExport> exports,
                    StandaloneInterface interface, bool bare_files) {
  Tables tables(module);
  llvm::Constant* sites = tables.sites(bare_files);
  llvm::SmallVector<llvm::Constant*> functions;
  switch (interface) {
    case StandaloneInterface::kC:
      for (const StandaloneExport& exported : exports) {
        const StandaloneExport flat = flattened(exported, module.universe());
        add_c_function(module, flat, tables.global(tables.function(flat, sites)));
      }
      add_interrupt(module);
      return;
    case StandaloneInterface::kPython:
      for (const StandaloneExport& exported : exports) functions.push_back(tables.function(exported, sites));
      add_module_function(module, library,
                          tables.global(tables.record({tables.text(library), tables.list(functions),
                                                       tables.number(static_cast<int64_t>(functions.size()))})));
      return;
  }
}

}  // namespace metate::codegen

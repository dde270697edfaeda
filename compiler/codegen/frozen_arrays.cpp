#include "compiler/codegen/frozen_arrays.h"

#include <charconv>
#include <string>

namespace metate::codegen {
namespace {

constexpr std::string_view kPrefix = "metate_frozen_array_";

/// Up to here LLVM may look into the elements; more would only be copied from module to object to memory.
constexpr size_t kMostEmbedded = 16 * 1024;

}  // namespace

llvm::Constant* frozen_array(ModuleLowering& module, const types::Constant& constant) {
  std::string symbol = std::string(kPrefix) + std::to_string(constant.integer);
  if (llvm::GlobalVariable* known = module.module().getNamedGlobal(symbol)) return known;
  const types::FrozenArray& array = module.universe().constants.frozen(constant);
  auto* type = llvm::ArrayType::get(llvm::Type::getInt8Ty(module.context()), array.bytes());
  auto* global =
      new llvm::GlobalVariable(module.module(), type, true, llvm::GlobalValue::ExternalLinkage, nullptr, symbol);
  if (array.bytes() <= kMostEmbedded || module.embeds_frozen_arrays()) {
    llvm::StringRef bytes(reinterpret_cast<const char*>(array.data()), array.bytes());
    global->setInitializer(llvm::ConstantDataArray::getRaw(bytes, array.bytes(), type->getElementType()));
    global->setLinkage(llvm::GlobalValue::PrivateLinkage);
  }
  global->setAlignment(llvm::Align(alignof(std::max_align_t)));
  return global;
}

std::optional<int64_t> frozen_array_number(std::string_view symbol) {
  if (!symbol.starts_with(kPrefix)) return std::nullopt;
  int64_t number = 0;
  std::from_chars(symbol.data() + kPrefix.size(), symbol.data() + symbol.size(), number);
  return number;
}

}  // namespace metate::codegen

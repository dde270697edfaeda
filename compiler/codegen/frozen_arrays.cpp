#include "compiler/codegen/frozen_arrays.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace metate::codegen {
namespace {

constexpr std::string_view kPrefix = "metate_frozen_array_";

/// Up to here LLVM may look into the elements; more would only be copied from module to object to memory.
constexpr size_t kMostEmbedded = 16 * 1024;

/// An instruction of SPIR-V has at most 65535 words, and that of an array three beside its elements.
constexpr uint64_t kMostConstituents = 65535 - 3;

}  // namespace

llvm::Constant* frozen_array(ModuleLowering& module, const types::Constant& constant) {
  std::string symbol = std::string(kPrefix) + std::to_string(constant.integer);
  if (llvm::GlobalVariable* known = module.module().getNamedGlobal(symbol)) return known;
  const types::FrozenArray& array = module.universe().constants.frozen(constant);
  // Devices want to know what they load: numbers, of complex ones the parts.
  llvm::Type* element = module.leaf_types().memory(array.dtype);
  const uint64_t count = array.bytes() * 8 / element->getPrimitiveSizeInBits().getFixedValue();
  auto* type = llvm::ArrayType::get(element, std::max<uint64_t>(count, 1));  // SPIR-V has none of length 0
  const bool has_room = !module.target().owns_frozen_arrays() || count <= kMostConstituents;
  const bool is_embedded = array.bytes() <= kMostEmbedded || (module.embeds_frozen_arrays() && has_room);
  auto* global =
      new llvm::GlobalVariable(module.module(), type, is_embedded, llvm::GlobalValue::ExternalLinkage, nullptr, symbol,
                               nullptr, llvm::GlobalValue::NotThreadLocal, module.target().address_spaces().global);
  if (is_embedded) {
    llvm::StringRef bytes(reinterpret_cast<const char*>(array.data()), array.bytes());
    global->setInitializer(count ? llvm::ConstantDataArray::getRaw(bytes, count, element)
                                 : llvm::Constant::getNullValue(type));
    global->setLinkage(llvm::GlobalValue::PrivateLinkage);
  } else if (module.target().owns_frozen_arrays()) {
    global->setInitializer(llvm::Constant::getNullValue(type));
  } else {
    global->setConstant(true);
  }
  global->setAlignment(llvm::Align(alignof(std::max_align_t)));
  return global;
}

std::vector<FilledArray> arrays_to_fill(const llvm::Module& module, const ir::Universe& universe) {
  std::vector<FilledArray> arrays;
  for (const llvm::GlobalVariable& global : module.globals()) {
    std::optional<int64_t> number = frozen_array_number(global.getName());
    if (!number || global.hasPrivateLinkage()) continue;
    const types::Constant constant{.kind = types::ConstantKind::kArray, .integer = *number};
    arrays.push_back({global.getName().str(), &universe.constants.frozen(constant)});
  }
  return arrays;
}

std::optional<int64_t> frozen_array_number(std::string_view symbol) {
  if (!symbol.starts_with(kPrefix)) return std::nullopt;
  int64_t number = 0;
  std::from_chars(symbol.data() + kPrefix.size(), symbol.data() + symbol.size(), number);
  return number;
}

}  // namespace metate::codegen

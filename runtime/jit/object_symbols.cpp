#include "runtime/jit/object_symbols.h"

#include <algorithm>
#include <utility>

#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

namespace metate::jit {
namespace {

using llvm::object::BasicSymbolRef;
using llvm::object::ObjectFile;

llvm::Expected<std::vector<std::string>> read(std::span<const std::byte> object) {
  const llvm::StringRef bytes(reinterpret_cast<const char*>(object.data()), object.size());
  llvm::Expected<std::unique_ptr<ObjectFile>> file =
      ObjectFile::createObjectFile(llvm::MemoryBufferRef(bytes, "object"));
  if (!file) return file.takeError();
  std::vector<std::string> names;
  for (const llvm::object::SymbolRef& symbol : (*file)->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (!flags) return flags.takeError();
    if (!(*flags & BasicSymbolRef::SF_Undefined)) continue;
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    if (!name) return name.takeError();
    if (!name->empty()) names.push_back(name->str());  // ELF's first symbol is undefined and has no name
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

base::Result<std::vector<std::string>> undefined_symbols(std::span<const std::byte> object) {
  llvm::Expected<std::vector<std::string>> names = read(object);
  if (!names) return base::Error{base::ErrorCode::kInternal, "symbols: " + llvm::toString(names.takeError())};
  return std::move(*names);
}

}  // namespace metate::jit

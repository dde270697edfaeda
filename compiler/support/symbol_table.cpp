#include "compiler/support/symbol_table.h"

namespace metate::support {

Symbol SymbolTable::intern(std::string_view name) {
  if (auto found = index_.find(name); found != index_.end()) return found->second;
  names_.emplace_back(name);
  Symbol symbol(static_cast<uint32_t>(names_.size() - 1));
  index_.emplace(names_.back(), symbol);
  return symbol;
}

std::string_view SymbolTable::name(Symbol symbol) const {
  METATE_ASSERT(symbol.index() < names_.size());
  return names_[symbol.index()];
}

}  // namespace metate::support

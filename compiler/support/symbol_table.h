// symbol_table.h – every name once, as a 32-bit id.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/support/ids.h"
#include "runtime/base/api.h"

namespace metate::support {

using Symbol = Id<struct SymbolTag>;

class METATE_API SymbolTable {
 public:
  Symbol intern(std::string_view name);
  std::string_view name(Symbol symbol) const;
  bool contains(Symbol symbol) const { return symbol.index() < names_.size(); }

 private:
  std::deque<std::string> names_;  // a deque: the views used as keys stay valid as it grows
  std::unordered_map<std::string_view, Symbol> index_;
};

}  // namespace metate::support

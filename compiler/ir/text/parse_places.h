// parse_places.h – places in the Python source, out of IR text.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/ir/text/cursor.h"

namespace metate::ir {

/// The places of one function; equal ones share an entry of Function::sources.
class PlaceParser {
 public:
  PlaceParser(Cursor& cursor, Function& function) : cursor_(cursor), function_(function) {}

  /// "('a.py' 'f', 'b.py' 'g')": the files and functions that places number.
  void parse_header();
  /// "@1!12:4-12:9", or nothing, as an index into Function::sources.
  uint32_t parse();

 private:
  SourcePlace read(std::string_view text, size_t offset);

  Cursor& cursor_;
  Function& function_;
  std::vector<std::pair<Symbol, Symbol>> files_;
  std::unordered_map<std::string_view, uint32_t> known_;
};

}  // namespace metate::ir

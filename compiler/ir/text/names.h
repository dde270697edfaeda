// names.h – what values and blocks are called in text: numbered in the order in which they are written.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {

/// A value that holds a Python variable is "%x"; a second one of the same name gets its number, "%x.7"; others are
/// "%7". Names depend on the order of the text alone, never on ids, so printing what was parsed gives the same text.
class Names {
 public:
  explicit Names(const Function& function);

  /// "%!12" for a value that no block of the function defines any more.
  std::string value(Value id) const;
  std::string block(Block id) const;

 private:
  void number(Region region);
  void number(std::span<const Value> values);

  static constexpr uint32_t kNone = ~0u;

  const Function& function_;
  std::vector<uint32_t> values_;  // by id
  std::vector<bool> first_;       // the first value of its name
  std::vector<uint32_t> blocks_;
  uint32_t value_count_ = 0;
  uint32_t block_count_ = 0;
  std::vector<bool> seen_;  // by symbol; used while numbering
};

}  // namespace metate::ir

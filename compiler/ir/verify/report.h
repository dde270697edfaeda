// report.h – the messages of the verifier, each with its place in the text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/text/names.h"

namespace metate::ir {

class Report {
 public:
  explicit Report(const Function& function) : function_(function) {}

  const Function& function() const { return function_; }
  void add(std::string_view message);
  void add(Block block, std::string_view message);
  void add(Inst inst, std::string_view message);
  /// Adds the message unless the condition holds; says whether it did.
  template <class Place>
  bool require(bool condition, Place place, std::string_view message) {
    if (!condition) add(place, message);
    return condition;
  }

  bool empty() const { return messages_.empty(); }
  /// There are enough messages: more would repeat the same mistake.
  bool full() const { return messages_.size() >= 20; }
  std::string value(Value id) { return names().value(id); }
  std::vector<std::string> take() { return std::move(messages_); }

 private:
  const Names& names();

  const Function& function_;
  std::optional<Names> names_;  // made for the first message
  std::vector<std::string> messages_;
};

// The three steps.
void verify_structure(Report& report);
void verify_dominance(Report& report);
void verify_types(Report& report);

}  // namespace metate::ir

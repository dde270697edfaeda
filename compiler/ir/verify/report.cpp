#include "compiler/ir/verify/report.h"

#include "compiler/ir/text/print.h"

namespace metate::ir {

const Names& Report::names() {
  if (!names_) names_.emplace(function_);
  return *names_;
}

void Report::add(std::string_view message) {
  if (!full()) messages_.emplace_back(message);
}

void Report::add(Block block, std::string_view message) {
  if (!full()) messages_.push_back(names().block(block) + ": " + std::string(message));
}

void Report::add(Inst inst, std::string_view message) {
  if (!full()) messages_.push_back(print(function_, inst) + ": " + std::string(message));
}

}  // namespace metate::ir

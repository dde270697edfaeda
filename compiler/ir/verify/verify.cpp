#include "compiler/ir/verify/verify.h"

#include <cstdio>
#include <cstdlib>

#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/report.h"

namespace metate::ir {

std::vector<std::string> verify(const Function& function) {
  Report report(function);
  verify_structure(report);
  if (report.empty()) verify_dominance(report);
  if (report.empty()) verify_types(report);
  return report.take();
}

void verify_or_die([[maybe_unused]] const Function& function, [[maybe_unused]] std::string_view after) {
#ifdef METATE_ASSERTIONS
  std::vector<std::string> messages = verify(function);
  if (messages.empty()) return;
  std::string text = "metate: internal error: the IR is malformed after " + std::string(after) + "\n";
  for (const std::string& message : messages) text += "  " + message + "\n";
  text += print(function);
  std::fputs(text.c_str(), stderr);
  std::abort();
#endif
}

}  // namespace metate::ir

// metate-frontend – prints the untyped IR of recorded code objects (compiler/bytecode/recording.h).
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "compiler/bytecode/recording.h"
#include "compiler/frontend/build.h"
#include "compiler/frontend/standard_environment.h"
#include "compiler/ir/text/print.h"

namespace {

using metate::bytecode::CodeObject;

constexpr const char* kUsage =
    "usage: metate-frontend RECORDING [NAME] [--parallel] [--kernel] [--places]\n"
    "  prints the functions of the recording, or the one of that name, each followed by the functions inside of it;\n"
    "  --parallel and --kernel are the decorator's options, --places adds source places\n";

struct Tool {
  bool places = false;
  metate::ir::FunctionOptions options;
  metate::ir::Universe universe;
  metate::frontend::StandardEnvironment environment{universe};
  bool printed = false;

  /// The number is what callee constants call the function by.
  bool print(const CodeObject& code, size_t number) {
    metate::support::Diagnostics diagnostics;
    environment.enter(number);
    auto decoded = metate::bytecode::decode(code);
    if (!decoded) return complain(decoded.error().message);
    auto function = metate::frontend::build(code, *decoded, environment, universe, options, diagnostics);
    for (const auto& diagnostic : diagnostics.all()) std::fputs(render(diagnostic, {}).c_str(), stderr);
    if (!function) return false;
    if (printed) std::fputs("\n", stdout);
    printed = true;
    std::printf("; callee %zu\n", number);
    std::fputs(metate::ir::print(*function, {.sources = places}).c_str(), stdout);
    return true;
  }

  static bool complain(const std::string& message) {
    std::fprintf(stderr, "metate-frontend: %s\n", message.c_str());
    return false;
  }
};

}  // namespace

int main(int argc, char** argv) {
  Tool tool;
  std::string path, wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--parallel") {
      tool.options.parallel = true;
    } else if (argument == "--kernel") {
      tool.options.kernel = true;
    } else if (argument == "--places") {
      tool.places = true;
    } else {
      (path.empty() ? path : wanted) = argument;
    }
  }
  if (path.empty()) return std::fputs(kUsage, stderr), 2;
  const std::ifstream file(path);
  if (!file) return Tool::complain("cannot read " + path), 1;
  std::stringstream text;
  text << file.rdbuf();
  const auto codes = metate::bytecode::read_recording(text.str());
  if (!codes) return Tool::complain(codes.error().message), 1;

  for (const auto& code : *codes) tool.environment.add_function(code);
  bool found = false, good = true;
  const auto& callees = tool.environment.callees();
  size_t next_inner = codes->size();
  for (size_t i = 0; i < codes->size(); ++i) {
    if (!wanted.empty() && callees[i]->name != wanted) continue;
    found = true;
    good &= tool.print(*callees[i], i);
    for (; next_inner < callees.size(); ++next_inner) good &= tool.print(*callees[next_inner], next_inner);
  }
  if (!found) return Tool::complain("no function " + wanted + " in " + path), 1;
  return good ? 0 : 1;
}

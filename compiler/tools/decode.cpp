// metate-decode – prints the neutral instructions of recorded code objects (compiler/bytecode/recording.h).
#include "compiler/bytecode/decode.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "compiler/bytecode/recording.h"
#include "compiler/bytecode/text.h"

namespace {

using metate::bytecode::CodeObject;

constexpr const char* kUsage =
    "usage: metate-decode RECORDING [QUALNAME] [--recording]\n"
    "  prints every function of the recording, or the one of that name, each with the functions inside of it;\n"
    "  --recording prints the code objects themselves again\n";

int fail(const std::string& message) {
  std::fprintf(stderr, "metate-decode: %s\n", message.c_str());
  return 1;
}

int print_function(const CodeObject& code, bool as_recording) {
  if (as_recording) {
    std::fputs(metate::bytecode::write_recording(code).c_str(), stdout);
    return 0;
  }
  const auto decoded = metate::bytecode::decode(code);
  if (!decoded) return fail(decoded.error().message);
  std::fputs(metate::bytecode::print(*decoded, code).c_str(), stdout);
  for (size_t i = 0; i < code.consts.size(); ++i) {
    const auto* inner = code.consts[i].get_if<metate::bytecode::Const::Code>();
    if (inner == nullptr) continue;
    std::printf("\ncode %zu of %s is ", i, code.qualname.c_str());
    if (const int status = print_function(**inner, as_recording)) return status;
  }
  return 0;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a Result is looked at before it is taken apart
int main(int argc, char** argv) {
  std::string path, wanted;
  bool as_recording = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--recording") {
      as_recording = true;
    } else if (path.empty()) {
      path = argument;
    } else {
      wanted = argument;
    }
  }
  if (path.empty()) return std::fputs(kUsage, stderr), 2;
  const std::ifstream file(path);
  if (!file) return fail("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  const auto codes = metate::bytecode::read_recording(text.str());
  if (!codes) return fail(codes.error().message);

  bool found = false;
  for (const auto& code : *codes) {
    if (!wanted.empty() && code->qualname != wanted) continue;
    if (const int status = print_function(*code, as_recording)) return status;
    if (!as_recording) std::fputs("\n", stdout);
    found = true;
  }
  return found ? 0 : fail("no function " + wanted + " in " + path);
}

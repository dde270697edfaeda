// main.cpp – metate-opt: IR text in, passes by name, IR text out.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/interpret/interpret.h"
#include "compiler/ir/text/names.h"
#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"
#include "compiler/tools/opt/call_text.h"
#include "compiler/tools/opt/infer_functions.h"
#include "compiler/transform/pass.h"

namespace metate::tools {
namespace {

constexpr std::string_view kUsage =
    "usage: metate-opt [options] [file]     reads IR text (standard input without a file), writes it again\n"
    "  --infer          type the untyped functions whose parameters have types in the text\n"
    "  --pass=a,b       run these passes in turn\n"
    "  --passes         list them\n"
    "  --interpret=CALL write the outcome of 'f(3, [1.5, 2.0])' instead of the functions; may be given many times\n"
    "  --verify         say what is wrong with the functions and write nothing then\n"
    "  --sources        write the places in the Python source too\n";

struct Options {
  std::string file = "-";
  std::vector<transform::PassInfo> passes;
  std::vector<std::string_view> calls;
  bool list_passes = false;
  bool verify = false;
  bool infer = false;
  ir::PrintOptions print;
};

bool add_passes(std::string_view names, std::vector<transform::PassInfo>& passes) {
  while (!names.empty()) {
    std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    auto found = std::ranges::find(transform::passes(), name, &transform::PassInfo::name);
    if (found == transform::passes().end()) {
      std::cerr << "metate-opt: there is no pass " << name << "\n";
      return false;
    }
    passes.push_back(*found);
  }
  return true;
}

bool read_options(std::span<char*> arguments, Options& options) {
  for (std::string_view argument : arguments) {
    if (argument.starts_with("--pass=")) {
      if (!add_passes(argument.substr(7), options.passes)) return false;
    } else if (argument == "--infer")
      options.infer = true;
    else if (argument.starts_with("--interpret="))
      options.calls.push_back(argument.substr(12));
    else if (argument == "--passes")
      options.list_passes = true;
    else if (argument == "--verify")
      options.verify = true;
    else if (argument == "--sources")
      options.print.sources = true;
    else if (argument == "-" || !argument.starts_with('-'))
      options.file = argument;
    else
      return false;
  }
  return true;
}

bool read_text(const std::string& file, std::string& text) {
  std::ifstream stream;
  if (file != "-") {
    stream.open(file, std::ios::binary);
    if (!stream) return false;
  }
  std::istream& input = stream.is_open() ? stream : std::cin;
  text.assign(std::istreambuf_iterator<char>(input), {});
  return true;
}

bool is_good(const ir::Function& function) {
  std::vector<std::string> messages = ir::verify(function);
  for (const std::string& message : messages)
    std::cerr << "@" << function.universe().symbols.name(function.name) << ": " << message << "\n";
  return messages.empty();
}

/// The functions of the text, as they are before the passes.
class Bodies final : public transform::CalleeBodies {
 public:
  explicit Bodies(std::span<const ir::Function> functions) : functions_(functions) {}
  const ir::Function* body(const ir::CalleeRef& callee) const override {
    auto found = std::ranges::find(functions_, callee.name, &ir::Function::name);
    return found == functions_.end() ? nullptr : &*found;
  }

 private:
  std::span<const ir::Function> functions_;
};

/// False if the function cannot be compiled; the reasons are said.
bool run_passes(ir::Function& function, const transform::CalleeBodies& callees,
                const std::vector<transform::PassInfo>& passes) {
  support::Diagnostics diagnostics;
  transform::PassContext context{diagnostics, &callees};
  for (const transform::PassInfo& pass : passes) {
    pass.run(function, context);
    if (diagnostics.has_errors()) break;
    ir::verify_or_die(function, pass.name);
  }
  for (const support::Diagnostic& diagnostic : diagnostics.all()) std::cerr << support::render(diagnostic, nullptr);
  return !diagnostics.has_errors();
}

/// False if the text is no call. What a call prints comes first, then its outcome, the array arguments that it could
/// have changed, and how much storage is left besides.
bool interpret(std::string_view text, std::span<const ir::Function> functions, ir::Universe& universe) {
  Call call = read_call(text, functions, universe);
  if (!call.error.empty()) {
    std::cerr << "metate-opt: " << text << ": " << call.error << "\n";
    return false;
  }
  ir::InterpreterOptions options;
  options.print = [](std::string_view printed) { std::cout << printed; };
  options.callee = [&](const ir::CalleeRef& callee) -> const ir::Function* {
    auto found = std::ranges::find(functions, callee.name, &ir::Function::name);
    return found == functions.end() ? nullptr : &*found;
  };
  ir::Interpreter interpreter(options);
  std::cout << to_text(interpreter.run(*call.function, call.arguments), *call.function) << "\n";
  ir::Names names(*call.function);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    ir::Value param = call.function->params()[i];
    const types::Type& type = call.function->type_data(param);
    if (type.kind == types::TypeKind::kArray && type.writable)
      std::cout << names.value(param) << " = " << to_text(call.arguments[i], call.function->type(param), universe)
                << "\n";
  }
  if (size_t blocks = interpreter.memory().live_blocks()) std::cout << "blocks alive: " << blocks << "\n";
  return true;
}

int list_passes() {
  for (const transform::PassInfo& pass : transform::passes())
    std::cout << pass.name << ": " << pass.description << "\n";
  return 0;
}

int run(const Options& options) {
  if (options.list_passes) return list_passes();
  std::string text;
  if (!read_text(options.file, text)) {
    std::cerr << "metate-opt: cannot read " << options.file << "\n";
    return 2;
  }
  ir::Universe universe;
  ir::ParsedText parsed = ir::parse(text, universe);
  if (const auto& error = parsed.error) {
    std::cerr << options.file << ":" << error->line << ":" << error->column << ": " << error->message << "\n";
    return 1;
  }
  // Passes may rely on what the verifier checks.
  bool good = true;
  if (options.verify || options.infer || !options.passes.empty() || !options.calls.empty())
    for (const ir::Function& function : parsed.functions) good = is_good(function) && good;
  if (!good) return 1;
  if (options.infer) good = infer_functions(parsed.functions);
  for (ir::Function& function : parsed.functions)
    good = run_passes(function, Bodies(parsed.functions), options.passes) && good;
  if (!good && !options.infer) return 1;
  for (std::string_view call : options.calls) good = interpret(call, parsed.functions, universe) && good;
  if (!options.calls.empty()) return good ? 0 : 1;
  for (size_t i = 0; i < parsed.functions.size(); ++i)
    std::cout << (i ? "\n" : "") << ir::print(parsed.functions[i], options.print);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace metate::tools

int main(int argc, char** argv) {
  metate::tools::Options options;
  if (!metate::tools::read_options({argv + 1, static_cast<size_t>(argc - 1)}, options)) {
    std::cerr << metate::tools::kUsage;
    return 2;
  }
  return metate::tools::run(options);
}

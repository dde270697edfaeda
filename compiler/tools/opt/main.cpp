// main.cpp – metate-opt: IR text in, IR text out.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "compiler/ir/text/parse.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::tools {
namespace {

constexpr std::string_view kUsage =
    "usage: metate-opt [options] [file]     reads IR text (standard input without a file), writes it again\n"
    "  --verify         say what is wrong with the functions and write nothing then\n"
    "  --sources        write the places in the Python source too\n";

struct Options {
  std::string file = "-";
  bool verify = false;
  ir::PrintOptions print;
};

bool read_options(std::span<char*> arguments, Options& options) {
  for (std::string_view argument : arguments) {
    if (argument == "--verify")
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

int run(const Options& options) {
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
  if (options.verify) {
    bool good = true;
    for (const ir::Function& function : parsed.functions) good = is_good(function) && good;
    if (!good) return 1;
  }
  for (size_t i = 0; i < parsed.functions.size(); ++i)
    std::cout << (i ? "\n" : "") << ir::print(parsed.functions[i], options.print);
  return 0;
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

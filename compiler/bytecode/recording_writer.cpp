// recording_writer.cpp – code objects to text.
#include <array>
#include <charconv>
#include <cmath>

#include "compiler/bytecode/literals.h"
#include "compiler/bytecode/recording.h"
#include "compiler/bytecode/text.h"
#include "compiler/bytecode/versions.h"

namespace metate::bytecode {
namespace {

constexpr size_t kCommentColumn = 36;

std::string hex_byte(uint8_t byte) { return {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]}; }

// Hexadecimal keeps every bit; Python reads it with float.fromhex.
std::string hex_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), std::chars_format::hex);
  return (std::signbit(value) ? "-0x" : "0x") + std::string(buffer.data(), end.ptr);
}

class Writer {
 public:
  void code(const CodeObject& code) {
    line("code " + quote(code.name));
    indent_ += 2;
    line("python " + numbers({code.version_major, code.version_minor}));
    line("qualname " + quote(code.qualname));
    line("filename " + quote(code.filename));
    line("line " + std::to_string(code.first_line));
    line("arguments " + numbers({code.argument_count, code.positional_only_count, code.keyword_only_count}));
    line("flags " + std::to_string(code.flags));
    line("stack " + std::to_string(code.stack_size));
    strings("names", code.names);
    strings("varnames", code.varnames);
    strings("cellvars", code.cellvars);
    strings("freevars", code.freevars);
    line("consts");
    items(code.consts);
    line("end");
    line("bytecode");
    indent_ += 2;
    bytecode(code);
    indent_ -= 2;
    line("end");
    std::string bytes = "exceptions";
    for (const uint8_t byte : code.exception_table) bytes += " " + hex_byte(byte);
    line(bytes);
    indent_ -= 2;
    line("end");
  }

  std::string take() { return std::move(text_); }

 private:
  void line(const std::string& content) { text_ += std::string(indent_, ' ') + content + "\n"; }

  static std::string numbers(std::initializer_list<int64_t> values) {
    std::string text;
    for (const int64_t value : values) text += (text.empty() ? "" : " ") + std::to_string(value);
    return text;
  }

  void strings(std::string text, const std::vector<std::string>& values) {
    for (const std::string& value : values) text += " " + quote(value);
    line(text);
  }

  void items(const std::vector<Const>& values) {
    indent_ += 2;
    for (const Const& value : values) item(value);
    indent_ -= 2;
  }

  void item(const Const& constant) {
    struct Visitor {
      Writer& writer;
      void operator()(const Const::None&) { writer.line("none"); }
      void operator()(const Const::Ellipsis&) { writer.line("ellipsis"); }
      void operator()(bool value) { writer.line(value ? "true" : "false"); }
      void operator()(int64_t value) { writer.line("int " + std::to_string(value)); }
      void operator()(const Const::BigInt& value) { writer.line("int " + value.digits); }
      void operator()(double value) { writer.line("float " + hex_float(value)); }
      void operator()(const std::complex<double>& value) {
        writer.line("complex " + hex_float(value.real()) + " " + hex_float(value.imag()));
      }
      void operator()(const std::string& value) { writer.line("str " + quote(value)); }
      void operator()(const Const::Bytes& value) { writer.line("bytes " + quote_bytes(value.value)); }
      void operator()(const Const::Tuple& value) { writer.group("tuple", value.items); }
      void operator()(const Const::FrozenSet& value) { writer.group("frozenset", value.items); }
      void operator()(const Const::Code& value) { writer.code(*value); }
      void operator()(const Const::Other& value) { writer.line("other " + quote(value.repr)); }
    };
    std::visit(Visitor{*this}, constant.value);
  }

  void group(const char* word, const std::vector<Const>& values) {
    line(word);
    items(values);
    line("end");
  }

  void bytecode(const CodeObject& code) {
    const Version* version = find_version(code.version_major, code.version_minor);
    const auto row_at = [&](size_t unit) {
      return version == nullptr ? nullptr : version->table.find(code.bytecode[2 * unit]);
    };
    const size_t unit_count = code.bytecode.size() / 2;
    for (size_t unit = 0; unit < unit_count;) {
      std::string content = hex_byte(code.bytecode[2 * unit]) + " " + hex_byte(code.bytecode[2 * unit + 1]);
      size_t next = unit + 1;
      for (; next < unit_count && row_at(next) != nullptr && row_at(next)->name == "CACHE"; ++next) {
        content += " " + hex_byte(code.bytecode[2 * next]) + " " + hex_byte(code.bytecode[2 * next + 1]);
      }
      content += " @" + (code.positions.empty() ? "?" : print(code.positions[unit]));
      if (const OpcodeRow* row = row_at(unit)) {
        content.resize(std::max(content.size() + 1, kCommentColumn), ' ');
        content += "# " + std::string(row->name) + " " + std::to_string(code.bytecode[2 * unit + 1]);
      }
      line(content);
      unit = next;
    }
  }

  std::string text_;
  size_t indent_ = 0;
};

}  // namespace

std::string write_recording(const CodeObject& code) {
  Writer writer;
  writer.code(code);
  return writer.take();
}

}  // namespace metate::bytecode

#include "compiler/bytecode/literals.h"

#include <cstdint>

namespace metate::bytecode {
namespace {

constexpr uint32_t kReplacement = 0xfffd;

void append_hex(std::string& text, char letter, uint32_t value, int digits) {
  text += '\\';
  text += letter;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += "0123456789abcdef"[value >> shift & 15];
}

void append_escaped(std::string& text, uint32_t code) {
  if (code == '"' || code == '\\') {
    text += '\\';
    text += static_cast<char>(code);
  } else if (code == '\n') {
    text += "\\n";
  } else if (code >= 0x20 && code < 0x7f) {
    text += static_cast<char>(code);
  } else if (code < 0x100) {
    append_hex(text, 'x', code, 2);
  } else if (code < 0x10000) {
    append_hex(text, 'u', code, 4);
  } else {
    append_hex(text, 'U', code, 8);
  }
}

/// Takes one code point off the front of `text`.
uint32_t take_code_point(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  const uint32_t first = byte(0);
  const size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  bool valid = length != 0 && length <= text.size();
  uint32_t code = length == 1 ? first : first & (0xffu >> (length + 1));
  for (size_t i = 1; valid && i < length; ++i) {
    valid = byte(i) >> 6 == 2;
    code = code << 6 | (byte(i) & 63);
  }
  text.remove_prefix(valid ? length : 1);
  return valid ? code : kReplacement;
}

void append_utf8(std::string& text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int followers = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(lead[followers] | code >> (6 * followers));
  for (int shift = 6 * (followers - 1); shift >= 0; shift -= 6) text += static_cast<char>(0x80 | (code >> shift & 63));
}

/// Takes one character, escaped or not, off the front of `text`.
std::optional<uint32_t> take_escaped(std::string_view& text) {
  if (text[0] != '\\') {
    const auto plain = static_cast<unsigned char>(text[0]);
    text.remove_prefix(1);
    return plain;
  }
  if (text.size() < 2) return std::nullopt;
  const char letter = text[1];
  text.remove_prefix(2);
  if (letter == '"' || letter == '\\') return static_cast<uint32_t>(letter);
  if (letter == 'n') return '\n';
  const size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  uint32_t value = 0;
  if (digits == 0 || text.size() < digits) return std::nullopt;
  for (size_t i = 0; i < digits; ++i) {
    const size_t digit = std::string_view("0123456789abcdef").find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  if (value > 0x10ffff) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

}  // namespace

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) append_escaped(quoted, take_code_point(text));
  return quoted + "\"";
}

std::string quote_bytes(std::string_view bytes) {
  std::string quoted = "b\"";
  for (const char byte : bytes) append_escaped(quoted, static_cast<unsigned char>(byte));
  return quoted + "\"";
}

std::optional<std::string> unescape(std::string_view inside) {
  std::string text;
  while (!inside.empty()) {
    const std::optional<uint32_t> code = take_escaped(inside);
    if (!code) return std::nullopt;
    append_utf8(text, *code);
  }
  return text;
}

std::optional<std::string> unescape_bytes(std::string_view inside) {
  std::string bytes;
  while (!inside.empty()) {
    const std::optional<uint32_t> code = take_escaped(inside);
    if (!code || *code > 0xff) return std::nullopt;
    bytes += static_cast<char>(*code);
  }
  return bytes;
}

}  // namespace metate::bytecode

// lexer.h – IR text as tokens, made when asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace metate::ir {

enum class TokenKind : uint8_t {
  kEnd,
  kInvalid,     // `text` says what is wrong
  kName,        // identifier, maybe dotted: func, py.binary, numpy.sqrt
  kNumber,      // with sign: 3, -1.5e-7, inf, -nan(0x…); ends in j if imaginary
  kString,      // 'text', `text` is decoded
  kValue,       // %x, %7, %x.7, %'.0': `raw` is all of it, `text` the variable's name or empty
  kBlock,       // ^1
  kFunction,    // @name or @'name': `text` is the name
  kPlace,       // @12:4-12:9
  kNumbered,    // #12
  kArrow,       // ->
  kPunctuation  // one character
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool starts_line = false;  // the first of its line: ends the instruction before it
  size_t offset = 0;
  std::string_view raw;  // as it stands in the source
  std::string text;      // the name or string it means

  bool is(char c) const { return kind == TokenKind::kPunctuation && raw[0] == c; }
  bool is(std::string_view name) const { return kind == TokenKind::kName && raw == name; }
};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Token next();
  /// A Python operator ("<<", "not in"), whose characters mean other things elsewhere. Its text is empty if there is
  /// none.
  Token operator_token();
  size_t offset() const { return at_; }
  std::string_view source() const { return source_; }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }
  bool number_starts() const;
  void skip_blank();
  template <class Predicate>
  void skip_while(Predicate predicate);
  void skip_number();
  std::string_view bare_name(bool dotted);
  TokenKind lex(std::string& text);
  TokenKind lex_value(std::string& text);
  TokenKind lex_at(std::string& text);
  bool lex_string(std::string& text);
  bool lex_escape(std::string& text);

  std::string_view source_;
  size_t at_ = 0;
  bool starts_line_ = true;
};

}  // namespace metate::ir

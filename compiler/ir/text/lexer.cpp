#include "compiler/ir/text/lexer.h"

#include <utility>

#include "compiler/support/quote.h"

namespace metate::ir {

using support::is_digit;
using support::is_name_char;
using support::is_name_start;

template <class Predicate>
void Lexer::skip_while(Predicate predicate) {
  while (at_ < source_.size() && predicate(source_[at_])) ++at_;
}

void Lexer::skip_blank() {
  for (; at_ < source_.size(); ++at_) {
    char c = source_[at_];
    if (c == ';') {
      skip_while([](char in_comment) { return in_comment != '\n'; });
      c = peek();
    }
    if (c == '\n')
      starts_line_ = true;
    else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

Token Lexer::next() {
  skip_blank();
  Token token;
  token.offset = at_;
  token.starts_line = std::exchange(starts_line_, false);
  if (at_ < source_.size()) token.kind = lex(token.text);
  token.raw = source_.substr(token.offset, at_ - token.offset);
  return token;
}

TokenKind Lexer::lex(std::string& text) {
  char c = peek();
  if (number_starts()) {
    skip_number();
    return TokenKind::kNumber;
  }
  if (is_name_start(c)) {
    text = bare_name(true);
    return TokenKind::kName;
  }
  switch (c) {
    case '\'':
      return lex_string(text) ? TokenKind::kString : TokenKind::kInvalid;
    case '%':
      return lex_value(text);
    case '@':
      return lex_at(text);
    case '^':
    case '#':
      ++at_;
      text = c == '^' ? "a block is written ^1" : "a number is written #1";
      if (!is_digit(peek())) return TokenKind::kInvalid;
      skip_while(is_digit);
      return c == '^' ? TokenKind::kBlock : TokenKind::kNumbered;
    case '-':
      at_ += peek(1) == '>' ? 2 : 1;
      return source_[at_ - 1] == '>' ? TokenKind::kArrow : TokenKind::kPunctuation;
    default:
      ++at_;
      return TokenKind::kPunctuation;
  }
}

bool Lexer::number_starts() const {
  size_t sign = peek() == '-' || peek() == '+' ? 1 : 0;
  if (is_digit(peek(sign))) return true;
  std::string_view word = source_.substr(at_ + sign, 3);
  if (word != "inf" && word != "nan") return false;
  size_t end = peek(sign + 3) == 'j' ? sign + 4 : sign + 3;
  return !is_name_char(peek(end)) && peek(end) != '.';
}

void Lexer::skip_number() {
  if (!is_digit(peek())) ++at_;  // the sign, or the first letter of inf or nan
  if (is_name_start(peek())) {
    skip_while([](char c) { return is_name_start(c) && c != 'j'; });
    if (source_.substr(at_, 3) == "(0x") {  // the bits of a NaN
      at_ += 3;
      skip_while(is_name_char);
      if (peek() == ')') ++at_;
    }
  } else {
    skip_while(is_digit);
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      skip_while(is_digit);
    }
    if ((peek() == 'e' || peek() == 'E') &&
        (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))))) {
      at_ += 2;
      skip_while(is_digit);
    }
  }
  if (peek() == 'j') ++at_;
}

std::string_view Lexer::bare_name(bool dotted) {
  size_t begin = at_;
  skip_while([&](char c) { return is_name_char(c) || (dotted && c == '.'); });
  return source_.substr(begin, at_ - begin);
}

TokenKind Lexer::lex_value(std::string& text) {
  ++at_;
  bool named = !is_digit(peek());
  if (peek() == '\'') {
    if (!lex_string(text)) return TokenKind::kInvalid;
  } else if (is_name_start(peek())) {
    text = bare_name(false);
  } else if (named) {
    text = "a value is written %name or %1";
    return TokenKind::kInvalid;
  }
  if (named && peek() == '.' && is_digit(peek(1))) ++at_;
  if (!named || source_[at_ - 1] == '.') skip_while(is_digit);
  return TokenKind::kValue;
}

TokenKind Lexer::lex_at(std::string& text) {
  ++at_;
  if (is_digit(peek())) {
    skip_while([](char c) { return is_digit(c) || c == ':' || c == '-' || c == '!'; });
    return TokenKind::kPlace;
  }
  if (peek() == '\'') return lex_string(text) ? TokenKind::kFunction : TokenKind::kInvalid;
  text = bare_name(true);
  if (!text.empty()) return TokenKind::kFunction;
  text = "a function is written @name, a place @12:4";
  return TokenKind::kInvalid;
}

bool Lexer::lex_string(std::string& text) {
  for (++at_; at_ < source_.size() && peek() != '\'';) {
    char c = source_[at_++];
    if (c != '\\')
      text += c;
    else if (!lex_escape(text))
      return false;
  }
  if (at_ == source_.size()) {
    text = "the string has no end";
    return false;
  }
  ++at_;
  return true;
}

bool Lexer::lex_escape(std::string& text) {
  char c = peek();
  if (c == 'n' || c == '\'' || c == '\\') {
    ++at_;
    text += c == 'n' ? '\n' : c;
    return true;
  }
  auto digit = [](char hex) { return is_digit(hex) ? hex - '0' : hex >= 'a' && hex <= 'f' ? hex - 'a' + 10 : -1; };
  int high = digit(peek(1)), low = digit(peek(2));
  if (c != 'x' || high < 0 || low < 0) {
    text = "strings know the escapes \\n, \\', \\\\ and \\xNN";
    return false;
  }
  at_ += 3;
  text += static_cast<char>(high << 4 | low);
  return true;
}

Token Lexer::operator_token() {
  skip_blank();
  Token token;
  token.offset = at_;
  if (std::exchange(starts_line_, false)) return token;
  token.kind = TokenKind::kName;
  if (!is_name_start(peek())) {
    skip_while([](char c) { return std::string_view("+-*/%@<>&|^~!=").find(c) != std::string_view::npos; });
    token.text = source_.substr(token.offset, at_ - token.offset);
    return token;
  }
  token.text = bare_name(false);
  std::string_view second = token.text == "is" ? "not" : token.text == "not" ? "in" : "";
  skip_blank();
  if (!second.empty() && source_.substr(at_, second.size()) == second && !is_name_char(peek(second.size()))) {
    at_ += second.size();
    token.text += " " + std::string(second);
  }
  return token;
}

}  // namespace metate::ir

#include "compiler/ir/text/cursor.h"

#include <algorithm>
#include <charconv>

#include "compiler/support/quote.h"

namespace metate::ir {

const Token& Cursor::peek() {
  if (!peeked_) {
    token_ = failed() ? Token() : lexer_.next();
    peeked_ = true;
    if (token_.kind == TokenKind::kInvalid) fail_at(token_.offset, token_.text);
  }
  return token_;
}

Token Cursor::take() {
  peek();
  peeked_ = false;
  return std::move(token_);
}

bool Cursor::accept(char c) {
  if (!at(c)) return false;
  take();
  return true;
}

bool Cursor::accept(std::string_view name) {
  if (!at(name)) return false;
  take();
  return true;
}

void Cursor::expect(char c) {
  if (!accept(c)) fail_expecting("'" + std::string(1, c) + "'");
}

void Cursor::expect(std::string_view name) {
  if (!accept(name)) fail_expecting("'" + std::string(name) + "'");
}

Token Cursor::expect(TokenKind kind, std::string_view what) {
  if (at(kind)) return take();
  fail_expecting(what);
  return {};
}

uint32_t Cursor::expect_number(std::string_view what, uint32_t limit) {
  if (!at(TokenKind::kNumber) && !at(TokenKind::kNumbered)) {
    fail_expecting(what);
    return 0;
  }
  Token token = take();
  if (token.kind == TokenKind::kNumbered) token.raw.remove_prefix(1);
  uint32_t value = 0;
  const char* end = token.raw.data() + token.raw.size();
  auto [rest, problem] = std::from_chars(token.raw.data(), end, value);
  if (problem == std::errc() && rest == end && value <= limit) return value;
  fail_at(token.offset, std::string(what) + " is a whole number from 0 to " + std::to_string(limit));
  return 0;
}

std::string Cursor::expect_name(std::string_view what) {
  if (at(TokenKind::kName) || at(TokenKind::kString)) return take().text;
  fail_expecting(what);
  return "";
}

Token Cursor::operator_token() {
  METATE_ASSERT(!peeked_ || failed());
  return failed() ? Token() : lexer_.operator_token();
}

void Cursor::fail_at(size_t offset, std::string message) {
  if (!failed()) {
    std::string_view before = lexer_.source().substr(0, offset);
    size_t line_start = before.rfind('\n') + 1;  // 0 on the first line, as npos + 1 is 0
    int line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    error_ = {line, static_cast<int>(offset - line_start) + 1, std::move(message)};
  }
  token_ = Token();
  peeked_ = true;
}

void Cursor::fail_expecting(std::string_view what) {
  if (failed()) return;
  const Token& token = peek();
  if (failed()) return;  // an invalid token says more
  std::string found = token.kind == TokenKind::kEnd ? "the end of the text" : std::string(token.raw.substr(0, 40));
  fail_at(token.offset, "expected " + std::string(what) + ", found " + found);
}

}  // namespace metate::ir

// cursor.h – the parser's place in the tokens, and its first error.
#pragma once

#include <limits>
#include <optional>

#include "compiler/ir/text/lexer.h"
#include "compiler/ir/text/parse.h"

namespace metate::ir {

/// After the first error every token is the end of the text, so the parser's loops come to their ends by themselves and
/// what it makes of the rest does not matter.
class Cursor {
 public:
  explicit Cursor(std::string_view source) : lexer_(source) {}

  const Token& peek();
  Token take();
  bool at(char c) { return peek().is(c); }
  bool at(std::string_view name) { return peek().is(name); }
  bool at(TokenKind kind) { return peek().kind == kind; }
  /// Takes the token if it is this one.
  bool accept(char c);
  bool accept(std::string_view name);
  void expect(char c);
  void expect(std::string_view name);
  /// Takes a token of this kind; `what` is said where there is another one.
  Token expect(TokenKind kind, std::string_view what);
  /// A whole number without sign, at most `limit`.
  uint32_t expect_number(std::string_view what, uint32_t limit = std::numeric_limits<uint32_t>::max());
  /// A name, bare or quoted.
  std::string expect_name(std::string_view what);
  Token operator_token();  // nothing may have been peeked at

  /// item, item … up to the closing character, which is taken; the opening one was taken before.
  template <class F>
  void list(char close, F&& item) {
    if (accept(close)) return;
    do item();
    while (accept(','));
    expect(close);
  }

  bool failed() const { return error_.has_value(); }
  void fail(std::string message) { fail_at(peek().offset, std::move(message)); }
  void fail_at(size_t offset, std::string message);
  const std::optional<ParseError>& error() const { return error_; }

  /// Counts a level of nesting as long as it lives; too deep a nesting is an error rather than the end of our stack.
  class Level {
   public:
    explicit Level(Cursor& cursor) : cursor_(cursor) {
      if (++cursor_.depth_ > kMaxDepth) cursor_.fail("nested too deeply");
    }
    ~Level() { --cursor_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Cursor& cursor_;
  };

 private:
  static constexpr int kMaxDepth = 200;

  void fail_expecting(std::string_view what);

  Lexer lexer_;
  Token token_;
  bool peeked_ = false;
  int depth_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace metate::ir

// recording_reader.cpp – text to code objects.
#include <charconv>
#include <optional>

#include "compiler/bytecode/literals.h"
#include "compiler/bytecode/recording.h"

namespace metate::bytecode {
namespace {

// Constants and code objects may lie in each other; recordings of real programs are far below this.
constexpr int kMaxNesting = 100;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Words, and string literals with their quotes.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  std::string_view token() const { return token_; }  // empty at the end
  int line() const { return line_; }

  void advance() {
    skip_space();
    size_t length = 0;
    bool quoted = false;
    for (; length < text_.size() && (quoted || !is_space(text_[length])); ++length) {
      if (text_[length] == '\n') break;  // no literal goes on in the next line
      if (text_[length] == '"') quoted = !quoted;
      if (quoted && text_[length] == '\\' && length + 1 < text_.size()) ++length;
    }
    token_ = text_.substr(0, length);
    text_.remove_prefix(length);
  }

 private:
  void skip_space() {
    while (!text_.empty() && (is_space(text_[0]) || text_[0] == '#')) {
      if (text_[0] == '#') {
        text_.remove_prefix(std::min(text_.find('\n'), text_.size()));
      } else {
        if (text_[0] == '\n') ++line_;
        text_.remove_prefix(1);
      }
    }
  }

  std::string_view text_;
  std::string_view token_;
  int line_ = 1;
};

template <class T>
std::optional<T> parse_number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_float(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value,
                                            hex ? std::chars_format::hex : std::chars_format::general);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return negative ? -value : value;
}

/// The first failure is kept; after it every read gives an empty value and loops end.
class Reader {
 public:
  explicit Reader(std::string_view text) : lexer_(text) {}

  base::Result<std::vector<std::shared_ptr<const CodeObject>>> run() {
    std::vector<std::shared_ptr<const CodeObject>> codes;
    while (!failed() && !lexer_.token().empty()) {
      expect("code");
      codes.push_back(code());
    }
    if (error_) return *error_;
    return codes;
  }

 private:
  bool failed() const { return error_.has_value(); }

  void fail(const std::string& what) {
    if (error_) return;
    const std::string found = lexer_.token().empty() ? "the end" : "'" + std::string(lexer_.token()) + "'";
    error_ = base::Error{base::ErrorCode::kInvalidArgument,
                         "recording, line " + std::to_string(lexer_.line()) + ": " + what + ", not " + found};
  }

  bool accept(std::string_view word) {
    if (failed() || lexer_.token() != word) return false;
    lexer_.advance();
    return true;
  }

  void expect(std::string_view word) {
    if (!accept(word)) fail("expected '" + std::string(word) + "'");
  }

  template <class T>
  T number(int base = 10) {
    const std::optional<T> value = parse_number<T>(lexer_.token(), base);
    if (!value) fail("expected a number");
    if (failed()) return T{};
    lexer_.advance();
    return *value;
  }

  double floating() {
    const std::optional<double> value = parse_float(lexer_.token());
    if (!value) fail("expected a float");
    if (failed()) return 0;
    lexer_.advance();
    return *value;
  }

  bool at_string(std::string_view opening = "\"") const {
    const std::string_view token = lexer_.token();
    return token.size() > opening.size() && token.starts_with(opening) && token.ends_with('"');
  }

  std::string string(std::string_view opening = "\"") {
    std::optional<std::string> value;
    if (at_string(opening)) {
      std::string_view inside = lexer_.token().substr(opening.size());
      inside.remove_suffix(1);
      value = opening == "\"" ? unescape(inside) : unescape_bytes(inside);
    }
    if (!value) fail("expected a string literal");
    if (failed()) return "";
    lexer_.advance();
    return *value;
  }

  std::vector<std::string> strings(std::string_view word) {
    std::vector<std::string> values;
    expect(word);
    while (!failed() && at_string()) values.push_back(string());
    return values;
  }

  std::shared_ptr<const CodeObject> code() {
    auto code = std::make_shared<CodeObject>();
    code->name = string();
    expect("python");
    code->version_major = number<int>();
    code->version_minor = number<int>();
    expect("qualname");
    code->qualname = string();
    expect("filename");
    code->filename = string();
    expect("line");
    code->first_line = number<int32_t>();
    expect("arguments");
    code->argument_count = number<uint32_t>();
    code->positional_only_count = number<uint32_t>();
    code->keyword_only_count = number<uint32_t>();
    expect("flags");
    code->flags = number<uint32_t>();
    expect("stack");
    code->stack_size = number<uint32_t>();
    code->names = strings("names");
    code->varnames = strings("varnames");
    code->cellvars = strings("cellvars");
    code->freevars = strings("freevars");
    expect("consts");
    code->consts = items();
    expect("bytecode");
    while (!failed() && !accept("end")) instruction(*code);
    expect("exceptions");
    while (!failed() && !accept("end")) code->exception_table.push_back(number<uint8_t>(16));
    return code;
  }

  std::vector<Const> items() {
    std::vector<Const> values;
    if (++nesting_ > kMaxNesting) fail("constants are nested too deeply");
    while (!failed() && !accept("end")) values.push_back(item());
    --nesting_;
    return values;
  }

  Const item() {
    if (accept("none")) return {Const::None{}};
    if (accept("ellipsis")) return {Const::Ellipsis{}};
    if (accept("true")) return {true};
    if (accept("false")) return {false};
    if (accept("int")) return integer();
    if (accept("float")) return {floating()};
    if (accept("str")) return {string()};
    if (accept("bytes")) return {Const::Bytes{string("b\"")}};
    if (accept("tuple")) return {Const::Tuple{items()}};
    if (accept("frozenset")) return {Const::FrozenSet{items()}};
    if (accept("code")) return {Const::Code{code()}};
    if (accept("other")) return {Const::Other{string()}};
    if (accept("complex")) {
      const double real = floating();
      return {std::complex<double>(real, floating())};
    }
    fail("expected a constant");
    return {};
  }

  Const integer() {
    if (const std::optional<int64_t> value = parse_number<int64_t>(lexer_.token())) {
      lexer_.advance();
      return {*value};
    }
    const std::string digits(lexer_.token());
    const size_t start = digits.starts_with('-') ? 1 : 0;
    if (digits.size() == start || digits.find_first_not_of("0123456789", start) != std::string::npos) {
      fail("expected an integer");
    } else {
      lexer_.advance();
    }
    return {Const::BigInt{digits}};
  }

  void instruction(CodeObject& code) {
    size_t bytes = 0;
    for (; !failed() && !lexer_.token().starts_with('@'); ++bytes) code.bytecode.push_back(number<uint8_t>(16));
    if (bytes == 0 || bytes % 2 != 0) fail("expected pairs of bytes");
    if (!failed()) code.positions.insert(code.positions.end(), bytes / 2, position());
  }

  // @line:column-line:column, @line or @?
  support::SourceRange position() {
    std::string_view text = lexer_.token().substr(1);
    support::SourceRange range;
    const auto take = [&](int32_t& value, char end) {
      const size_t length = std::min(end == '\0' ? text.size() : text.find(end), text.size());
      const std::optional<int32_t> parsed = parse_number<int32_t>(text.substr(0, length));
      if (!parsed) return fail("expected a position");
      value = *parsed;
      text.remove_prefix(std::min(length + 1, text.size()));
    };
    if (text != "?") {
      const bool with_columns = text.find(':') != std::string_view::npos;
      take(range.line, with_columns ? ':' : '\0');
      if (with_columns) take(range.column, '-');
      if (with_columns) take(range.end_line, ':');
      if (with_columns) take(range.end_column, '\0');
    }
    if (!failed()) lexer_.advance();
    return range;
  }

  Lexer lexer_;
  std::optional<base::Error> error_;
  int nesting_ = 0;
};

}  // namespace

base::Result<std::vector<std::shared_ptr<const CodeObject>>> read_recording(std::string_view text) {
  return Reader(text).run();
}

}  // namespace metate::bytecode

#include "runtime/cpu/environment.h"

#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace metate::cpu {
namespace {

std::optional<int64_t> parse(std::string_view text, bool as_size) {
  int shift = 0;
  if (as_size && !text.empty()) {
    constexpr std::string_view kUnits = "KMGT";
    const size_t unit = kUnits.find(static_cast<char>(std::toupper(static_cast<unsigned char>(text.back()))));
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<int>(unit) + 1);
      text.remove_suffix(1);
    }
  }
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < 0 || number > std::numeric_limits<int64_t>::max() >> shift) return std::nullopt;
  return number << shift;
}

}  // namespace

std::optional<int64_t> read_number(const char* variable, int64_t least, bool as_size) {
  const char* text = std::getenv(variable);
  if (!text) return std::nullopt;
  const std::optional<int64_t> number = parse(text, as_size);
  if (number && *number >= least) return number;
  std::fprintf(stderr, "metate: ignoring %s=%s: not a whole number of at least %lld%s\n", variable, text,
               static_cast<long long>(least), as_size ? ", with or without K, M, G or T" : "");
  return std::nullopt;
}

}  // namespace metate::cpu

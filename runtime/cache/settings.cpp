#include "runtime/cache/settings.h"

#include <charconv>
#include <cstdlib>

#include "runtime/cache/store.h"

namespace metate::cache {
namespace {

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

}  // namespace

bool is_wanted() { return variable("METATE_CACHE") != "0"; }

std::string default_directory() {
  if (std::string own = variable("METATE_CACHE_DIR"); !own.empty()) return own;
  // The XDG Base Directory Specification: what is not absolute is to be ignored.
  if (std::string caches = variable("XDG_CACHE_HOME"); caches.starts_with('/')) return caches + "/metate";
  if (std::string home = variable("HOME"); home.starts_with('/')) return home + "/.cache/metate";
  return "";
}

base::Result<uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  const base::Error error{base::ErrorCode::kInvalidArgument,
                          "'" + std::string(text) + "' is no size: bytes as digits, with K, M, G or T if need be"};
  unsigned shift = 0;
  std::string_view digits = text;
  const size_t unit = digits.empty() ? digits.npos : kUnits.find(static_cast<char>(digits.back() & ~0x20));
  if (unit != kUnits.npos) {
    shift = 10 * (static_cast<unsigned>(unit) + 1);
    digits.remove_suffix(1);
  }
  uint64_t count = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (failure != std::errc() || end != digits.data() + digits.size() || count > UINT64_MAX >> shift) return error;
  return count << shift;
}

base::Result<uint64_t> size_limit() {
  const std::string text = variable("METATE_CACHE_SIZE");
  if (text.empty()) return Store::kDefaultLimit;
  base::Result<uint64_t> limit = parse_size(text);
  if (limit) return limit;
  return base::Error{limit.error().code, "METATE_CACHE_SIZE: " + limit.error().message};
}

}  // namespace metate::cache

#include "compiler/driver/options.h"

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/support/diagnostics.h"

namespace metate::driver {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::array<std::string_view, 7> kFastmathFlags = {"reassoc", "nnan",     "ninf", "nsz",
                                                            "arcp",    "contract", "afn"};
constexpr uint8_t kAllFastmath = 0x7f;

using support::MessageId;

Error bad_value(std::string_view name, std::string_view what) {
  return {ErrorCode::kInvalidArgument, support::message(MessageId::kOptionValue, {name, what})};
}

std::optional<bool> as_bool(const OptionValue& option) {
  if (const bool* value = std::get_if<bool>(&option.value)) return *value;
  return std::nullopt;
}

base::Result<uint8_t> fastmath(const OptionValue& option) {
  if (std::optional<bool> value = as_bool(option)) return *value ? kAllFastmath : uint8_t{0};
  const auto* names = std::get_if<std::vector<std::string>>(&option.value);
  if (!names) return bad_value(option.name, "takes a bool or a set of flag names");
  uint8_t bits = 0;
  for (const std::string& name : *names) {
    if (name == "fast") {
      bits = kAllFastmath;
      continue;
    }
    auto found = std::find(kFastmathFlags.begin(), kFastmathFlags.end(), name);
    if (found == kFastmathFlags.end())
      return bad_value(option.name,
                       "has no flag '" + name + "' (known: fast, reassoc, nnan, ninf, nsz, arcp, contract, afn)");
    bits |= static_cast<uint8_t>(1u << (found - kFastmathFlags.begin()));
  }
  return bits;
}

base::Result<ir::ErrorModel> error_model(const OptionValue& option) {
  const auto* name = std::get_if<std::string>(&option.value);
  if (name && *name == "python") return ir::ErrorModel::kPython;
  if (name && *name == "numpy") return ir::ErrorModel::kNumpy;
  return bad_value(option.name, "is \"python\" (division by zero raises) or \"numpy\" (it gives inf, nan or 0)");
}

base::Result<bool> always_inline(const OptionValue& option) {
  const auto* name = std::get_if<std::string>(&option.value);
  if (name && *name == "always") return true;
  if (name && *name == "never") return false;
  return bad_value(option.name, "is \"always\" or \"never\" (then LLVM decides by cost)");
}

/// Those that are on or off; null for others.
bool ir::FunctionOptions::* flag_of(std::string_view name) {
  if (name == "boundscheck") return &ir::FunctionOptions::boundscheck;
  if (name == "debug") return &ir::FunctionOptions::debug;
  if (name == "parallel") return &ir::FunctionOptions::parallel;
  return nullptr;
}

/// Options that are read in Python alone (`cache`, `nogil` …) are checked there and not passed on.
constexpr std::string_view kKnown = "boundscheck, cache, debug, error_model, fastmath, inline, nogil, parallel";

}  // namespace

base::Result<ir::FunctionOptions> parse_options(std::span<const OptionValue> values, bool kernel) {
  ir::FunctionOptions options;
  options.kernel = kernel;
  for (const OptionValue& option : values) {
    if (option.name == "fastmath") {
      base::Result<uint8_t> bits = fastmath(option);
      if (!bits) return bits.take_error();
      options.fastmath = *bits;
    } else if (option.name == "error_model") {
      base::Result<ir::ErrorModel> model = error_model(option);
      if (!model) return model.take_error();
      options.error_model = *model;
    } else if (option.name == "inline") {
      base::Result<bool> always = always_inline(option);
      if (!always) return always.take_error();
      options.always_inline = *always;
    } else if (bool ir::FunctionOptions::* flag = flag_of(option.name)) {
      std::optional<bool> value = as_bool(option);
      if (!value) return bad_value(option.name, "takes a bool");
      options.*flag = *value;
    } else {
      return Error{ErrorCode::kInvalidArgument, support::message(MessageId::kUnknownOption, {option.name, kKnown})};
    }
  }
  return options;
}

uint64_t options_key(const ir::FunctionOptions& options) {
  return uint64_t{options.boundscheck} | static_cast<uint64_t>(options.error_model) << 1 |
         uint64_t{options.fastmath} << 3 | uint64_t{options.parallel} << 10 | uint64_t{options.kernel} << 11 |
         uint64_t{options.kernel_rank} << 12 | uint64_t{options.always_inline} << 20 | uint64_t{options.offload} << 21 |
         uint64_t{options.debug} << 22;
}

}  // namespace metate::driver

// options.h – what decorators accept, and the part of it that a compile depends on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/ir/function.h"
#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::driver {

/// A keyword of a decorator with its value, as Python gave it.
struct OptionValue {
  std::string name;
  std::variant<bool, int64_t, std::string, std::vector<std::string>> value;  // a list for fastmath={"nnan", …}
};

/// Reads the options of `njit` or, with `kernel`, of `kernel`. Unknown names and values that make no sense are refused
/// with the list of what is known.
METATE_API base::Result<ir::FunctionOptions> parse_options(std::span<const OptionValue> values, bool kernel);

/// Everything in the options that changes code, as one number: part of a specialisation's key.
METATE_API uint64_t options_key(const ir::FunctionOptions& options);

}  // namespace metate::driver

#include "compiler/driver/emit_spirv.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace metate::driver {
namespace {

constexpr char kVariable[] = "METATE_VALIDATE_SPIRV";

/// The second number of the version that it names; 0 where it is not set, since modules of ours have a later one.
base::Result<uint32_t> version_to_validate() {
  const char* value = std::getenv(kVariable);
  const std::string_view text = value ? value : "";
  if (text.empty()) return uint32_t{0};
  if (text.size() == 3 && text.starts_with("1.") && text[2] >= '2' && text[2] <= '6')
    return static_cast<uint32_t>(text[2] - '0');
  return base::Error{base::ErrorCode::kInvalidArgument,
                     std::string(kVariable) + " is '" + value + "', and no version of SPIR-V from 1.2 to 1.6"};
}

}  // namespace

base::Result<std::vector<uint32_t>> emit_spirv(const target::spirv::MakeModule& make,
                                               target::spirv::EmitOptions options) {
  base::Result<uint32_t> version = version_to_validate();
  if (!version) return version.take_error();
  options.also_valid_as = *version;
  return target::spirv::emit(make, options);
}

}  // namespace metate::driver

#include "compiler/infer/methods.h"

namespace metate::infer {

std::optional<std::string> find_method(Writer&, Value, std::string_view) { return std::nullopt; }

}  // namespace metate::infer

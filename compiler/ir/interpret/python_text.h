// python_text.h – numbers as Python's str() and NumPy's write them, for messages and print.
#pragma once

#include <string>

#include "compiler/types/scalar.h"

namespace metate::ir {

/// "True", "-3", "1.0", "1e+16", "nan", "(1+2j)": the shortest digits that read back as the same float of its width.
std::string python_text(const types::Scalar& value);

}  // namespace metate::ir

// access – which array arguments a function may write to.
#pragma once

#include <vector>

#include "compiler/driver/specialisations.h"

namespace metate::driver {

/// One flag a parameter: true if the function, or one that it calls, stores into an array that may be (part of) it.
std::vector<bool> written_parameters(const Specialisations& functions, const Specialisation& root);

}  // namespace metate::driver

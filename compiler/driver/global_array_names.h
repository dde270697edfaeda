// global_array_names – what programs call the global and closed-over arrays that are frozen in their kernels.
#pragma once

#include <string>
#include <unordered_map>

#include "compiler/driver/specialisations.h"

namespace metate::driver {

/// Names by the number of the array in the table of constants, of all that a kernel and what it calls have asked for:
/// "TABLE", "module.TABLE", "tables[0]". Arrays with the same elements are one, which goes by the name that was asked
/// for first.
std::unordered_map<int64_t, std::string> global_array_names(const Specialisations& functions,
                                                            const Specialisation& kernel, ir::Universe& universe);

}  // namespace metate::driver

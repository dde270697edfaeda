// access – which array arguments a function writes to or reads, and of which the host works on the elements.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/artifact.h"
#include "compiler/driver/specialisations.h"
#include "compiler/support/diagnostics.h"
#include "runtime/base/api.h"

namespace metate::driver {

/// One flag a parameter: true if the function, or one that it calls, stores into an array that may be (part of) it.
std::vector<bool> written_parameters(const Specialisations& functions, const Specialisation& root);
/// The same for loads.
std::vector<bool> read_parameters(const Specialisations& functions, const Specialisation& root);

/// For each parameter, where there is an atomic operation on an element of 64 bits of an array that may be part of it.
std::vector<std::optional<ir::SourcePlace>> wide_atomics(const Specialisations& functions, const Specialisation& root);

/// For each parameter, where code outside of device nests loads from, or stores into, an array that may be part of it.
std::vector<std::optional<HostAccess>> host_accesses(const Specialisations& functions, const Specialisation& root);

/// What the user is told who passes memory as `argument` that the host does not reach.
METATE_API support::Diagnostic diagnostic_of(const HostAccess& access, const std::string& argument,
                                             const ir::Universe& universe);

}  // namespace metate::driver

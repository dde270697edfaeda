// library_interface – which functions may go out of a library: by their types, and by what their callers have room for.
#pragma once

#include <optional>

#include "compiler/codegen/standalone.h"
#include "compiler/driver/library.h"

namespace metate::driver {

/// Numbers, arrays and tuples of these go in and out; a result may be None too. Anything else is an InvalidArgument
/// error that names it and says what to do. `root`: the export's specialisation.
std::optional<base::Error> check_interface(const LibraryExport& exported, const Specialisation& root,
                                           codegen::StandaloneInterface interface, const ir::Universe& universe);

}  // namespace metate::driver

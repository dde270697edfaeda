// dump – what METATE_DUMP asks for: functions as text, as stages leave them.
#pragma once

#include <string_view>

#include "compiler/driver/pipeline.h"

namespace metate::driver {

/// METATE_DUMP names stages, separated by commas: "frontend", "infer", a pass, "codegen" and "optimise" (LLVM IR),
/// "emit" (assembly), "spirv", or "all". Their text goes to stderr or, where METATE_DUMP_DIR names a folder, to a file
/// each in there. The environment is read once.
bool is_dumped(std::string_view stage);

/// Whether anything is dumped. Then nothing is taken from the cache, where no stages would be seen.
bool is_dumping();

/// Writes a text of a stage that is dumped. `ending`: what the file's name ends with.
void dump(std::string_view stage, std::string_view function, std::string_view ending, std::string_view text);

/// Dumps what is asked for of the stages of one function.
StageObserver dump_stages(support::Symbol function, const ir::Universe& universe);

}  // namespace metate::driver

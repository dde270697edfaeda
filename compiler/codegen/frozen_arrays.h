// frozen_arrays – global arrays in compiled code: small ones are data of the module, others symbols that it links to,
// or variables of a device.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/codegen/filled_array.h"
#include "compiler/codegen/module_lowering.h"
#include "runtime/base/api.h"

namespace metate::codegen {

/// The address of the elements of a constant of kind kArray.
llvm::Constant* frozen_array(ModuleLowering& module, const types::Constant& constant);

/// The variables of a device's module that have no elements yet.
std::vector<FilledArray> arrays_to_fill(const llvm::Module& module, const ir::Universe& universe);

/// The number, in the table of constants, of the array that such a symbol stands for; nothing for other symbols.
std::optional<int64_t> frozen_array_number(std::string_view symbol);

}  // namespace metate::codegen

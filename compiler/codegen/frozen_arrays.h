// frozen_arrays – global arrays in compiled code: small ones are data of the module, others symbols that it links to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "compiler/codegen/module_lowering.h"
#include "runtime/base/api.h"

namespace metate::codegen {

/// The address of the elements of a constant of kind kArray.
llvm::Constant* frozen_array(ModuleLowering& module, const types::Constant& constant);

/// The number, in the table of constants, of the array that such a symbol stands for; nothing for other symbols.
std::optional<int64_t> frozen_array_number(std::string_view symbol);

}  // namespace metate::codegen

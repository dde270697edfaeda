// print_record – what a work-item prints, as a record for the launcher.
#pragma once

#include <cstdint>
#include <span>

namespace llvm {
class Value;
}
namespace metate::codegen {
class FunctionLowering;
}

namespace metate::target::spirv {

/// Leaves a record of `site` with its values (64-bit integers) in the launch's KernelPrints, unless that is full.
/// `global_id` is the item's, counted over all dimensions.
void write_print_record(codegen::FunctionLowering& lowering, llvm::Value* global_id, int32_t site,
                        std::span<llvm::Value* const> values);

}  // namespace metate::target::spirv

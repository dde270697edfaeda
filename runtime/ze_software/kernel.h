// kernel – a kernel with the arguments and the group size that the next launch will have.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/launch.h"
#include "runtime/ze_software/newer_tables.h"
#include "runtime/ze_software/program.h"

namespace metate::ze_software {

struct Module;

class Kernel : public _ze_kernel_handle_t {
 public:
  Kernel(Module& module, const CompiledKernel& code);

  const CompiledKernel& code() const { return *code_; }
  Module& module() const { return *module_; }

  ze_result_t set_argument(uint32_t index, size_t size, const void* value);
  ze_result_t set_group_size(uint32_t x, uint32_t y, uint32_t z);
  void set_global_offset(uint32_t x, uint32_t y, uint32_t z);

  /// The memory that the kernel can come to as it is now: what its arguments point to, then what it may have by way of
  /// other memory. Safe only while no other thread changes the kernel.
  std::vector<newer::ze_kernel_allocation_exp_properties_t> allocations() const;

  /// Fills a launch with what is set now.
  ze_result_t prepare(const ze_group_count_t& groups, Launch& launch) const;

  ze_kernel_indirect_access_flags_t indirect_access = 0;

 private:
  struct ArgumentState {
    bool set = false;
    size_t local_bytes = 0;
  };

  Module* module_;  // which outlives it
  std::shared_ptr<const Program> program_;
  const CompiledKernel* code_;
  ArgumentBlock block_;
  std::vector<ArgumentState> states_;
  uint64_t group_size_[3] = {1, 1, 1};
  uint64_t global_offset_[3] = {0, 0, 0};
};

}  // namespace metate::ze_software

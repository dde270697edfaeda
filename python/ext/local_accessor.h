// local_accessor – the LocalAccessor objects of metate.kernel_api, which ask for an array in a kernel's local memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/types/dtype.h"
#include "python/ext/ref.h"

namespace metate::ext {

struct LocalArray {
  types::DType dtype;
  std::vector<int64_t> shape;

  size_t bytes() const;
};

bool is_local_accessor(PyObject* object);
/// What it asks for; nothing with a Python exception set where kernels have no such array.
std::optional<LocalArray> read_local_accessor(PyObject* object);

}  // namespace metate::ext

// device_arguments – NumPy arrays on their way to a device and back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/ref.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/memory.h"

namespace metate::ext {

/// The arrays of one launch. Arrays that share memory share one device copy of the union of their byte ranges, so that
/// the kernel sees what the host sees. Devices that reach host memory work on the arrays themselves.
class DeviceArguments {
 public:
  /// `arrays`: the argument objects that are NumPy arrays, each with its argument slots; `written`: whether the kernel
  /// may store into it; `needed`: whether what it holds has to be there, or may be left undefined. Replaces the data
  /// address in the slots by the device's.
  struct Array {
    PyObject* object;
    int64_t* slots;
    bool written;
    bool needed;
  };

  base::Status send(level_zero::Device& device, std::vector<Array> arrays);
  /// Where the byte lies on the host that lies here on the device; null if it is not of these arrays' copies.
  char* host_address(const char* device) const;
  /// Copies what the kernel may have written back: just the elements of the written arrays.
  void fetch();

 private:
  struct Block {
    const char* low;
    const char* high;
    bool needed;
    level_zero::Allocation copy;
  };
  char* device_address(const char* host) const;

  std::vector<Array> arrays_;
  std::vector<Block> blocks_;
};

}  // namespace metate::ext

// driver – the one driver of the library and the one device it offers.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "runtime/base/result.h"
#include "runtime/jit/jit.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/handles.h"

namespace metate::ze_software {

struct Driver : _ze_driver_handle_t {
  Device device;

  /// Made on first use and never destroyed: programs may call in from their own exit handlers.
  static Driver& get();

  /// What compiles every module; made when the first one is built. An Error when this machine cannot be compiled for.
  base::Result<jit::Jit*> jit();

 private:
  std::once_flag jit_made_;
  std::optional<base::Result<std::unique_ptr<jit::Jit>>> jit_;
};

}  // namespace metate::ze_software

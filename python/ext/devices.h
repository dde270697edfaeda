// devices – Level Zero devices as Python objects.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "runtime/level_zero/devices.h"

namespace metate::ext {

/// Adds class Device and get_devices() to the module.
void add_devices(nanobind::module_& module);

/// A device as messages call it.
std::string text_of(const std::shared_ptr<level_zero::Device>& device);

/// The devices of the process, ours among them; throws a Python exception where there is none.
const level_zero::Devices& devices();

}  // namespace metate::ext

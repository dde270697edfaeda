#include "python/ext/devices.h"

#include <dlfcn.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "python/ext/errors.h"
#include "runtime/ze_software/entry_points.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Device;

/// The path of libmetate itself, which is our driver, and its folder, where the wheel keeps the loader.
std::string library_path() {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(&ze_software::find_entry_point), &info) && info.dli_fname ? info.dli_fname : "";
}

void throw_error(const base::Error& error) {
  set_error(error);
  throw nb::python_error();
}

}  // namespace

const level_zero::Devices& devices() {
  std::string library = library_path();
  std::string folder = library.substr(0, library.rfind('/') + 1);
  level_zero::LoaderOptions options;
  options.bundled_loader = folder + "libze_loader.so.1";
  options.driver_library = library;
  options.driver_functions = ze_software::find_entry_point;
  level_zero::Devices::configure(std::move(options));
  const base::Result<level_zero::Devices>& found = level_zero::Devices::get();
  if (!found) throw_error(found.error());
  return *found;
}

void add_devices(nb::module_& module) {
  nb::class_<Device>(module, "Device", "A Level Zero device. Get one from `metate.get_devices()`.")
      .def_prop_ro("name", [](const Device& device) { return device.name(); })
      .def_prop_ro("vendor", [](const Device& device) { return device.vendor(); })
      .def_prop_ro("driver_version",
                   [](const Device& device) { return std::to_string(device.properties().driver_version); })
      .def_prop_ro("device_type",
                   [](const Device& device) { return std::string(level_zero::device_type_name(device.type())); })
      .def_prop_ro("is_cpu", [](const Device& device) { return device.type() == level_zero::DeviceType::kCpu; })
      .def_prop_ro("is_gpu", [](const Device& device) { return device.type() == level_zero::DeviceType::kGpu; })
      .def_prop_ro("is_software", &Device::is_software,
                   "True for Metate's own driver, which runs kernels on CPU threads.")
      .def_prop_ro("max_compute_units", [](const Device& device) { return device.properties().compute_units; })
      .def_prop_ro("max_work_group_size", [](const Device& device) { return device.properties().max_group_size; })
      .def_prop_ro(
          "global_mem_size", [](const Device& device) { return device.properties().memory_bytes; }, "In bytes.")
      .def_prop_ro(
          "local_mem_size", [](const Device& device) { return device.properties().max_local_bytes; }, "In bytes.")
      .def_prop_ro("has_aspect_fp64", [](const Device& device) { return device.properties().has_fp64; })
      .def_prop_ro("has_aspect_fp16", [](const Device& device) { return device.properties().has_fp16; });
  module.def("devices", [] {
    std::vector<std::shared_ptr<Device>> list;
    for (const std::shared_ptr<Device>& device : devices().all()) list.push_back(device);
    return list;
  });
  module.def("device_notes", [] {
    std::vector<std::string> notes(devices().notes().begin(), devices().notes().end());
    return notes;
  });
}

}  // namespace metate::ext

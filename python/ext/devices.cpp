#include "python/ext/devices.h"

#include <dlfcn.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "python/ext/errors.h"
#include "runtime/abi/kernel_check.h"
#include "runtime/level_zero/memory.h"
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

std::string text_of(const std::shared_ptr<Device>& device) { return nb::cast<std::string>(nb::repr(nb::cast(device))); }

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

namespace {

using Class = nb::class_<Device>;

std::string api_version(const Device& device) {
  const uint32_t version = device.properties().api_version;
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
}

/// As SYCL's runtime writes it, the parts of the driver's 32 bits.
std::string driver_version(const Device& device) {
  const uint32_t version = device.properties().driver_version;
  return std::to_string(version >> 24) + "." + std::to_string(version >> 16 & 0xff) + "." +
         std::to_string(version & 0xffff);
}

/// Device(…) gives one of those that there are, and makes none.
void add_constructor(Class& device) {
  device.def(nb::new_([](nb::handle arg) { return nb::module_::import_("metate.devices").attr("device_of")(arg); }),
             nb::arg("arg").none() = nb::none(),
             "The default device, or the device that a filter string names; a device is given back.");
}

void add_identity(Class& device) {
  device.def_prop_ro("name", [](const Device& d) { return d.name(); })
      .def_prop_ro("vendor", [](const Device& d) { return d.vendor(); })
      .def_prop_ro("vendor_id", [](const Device& d) { return d.properties().vendor_id; })
      .def_prop_ro("driver_version", &driver_version)
      .def_prop_ro("backend_version", &api_version, "The version of Level Zero that the driver offers.")
      .def_prop_ro("device_type", [](const Device& d) { return std::string(level_zero::device_type_name(d.type())); })
      .def_prop_ro("is_cpu", [](const Device& d) { return d.type() == level_zero::DeviceType::kCpu; })
      .def_prop_ro("is_gpu", [](const Device& d) { return d.type() == level_zero::DeviceType::kGpu; })
      .def_prop_ro("is_software", &Device::is_software,
                   "True for Metate's own driver, which runs kernels on CPU threads.")
      .def_prop_ro("_driver", [](const Device& d) { return reinterpret_cast<uintptr_t>(d.context()); })
      .def(
          "addressof_ref", [](const Device& d) { return reinterpret_cast<uintptr_t>(&d); },
          "The address of Metate's own record of the device.")
      .def_prop_ro("_parts", [](const Device& d) { return std::vector(d.parts().begin(), d.parts().end()); })
      .def_prop_ro("_whole", [](const Device& d) { return d.whole(); }, nb::rv_policy::reference);
}

void add_limits(Class& device) {
#define PROPERTY(name, member, ...) \
  device.def_prop_ro(name, [](const Device& d) { return d.properties().member; } __VA_OPT__(, ) __VA_ARGS__)
  PROPERTY("max_compute_units", compute_units);
  PROPERTY("max_work_group_size", max_group_size);
  PROPERTY("sub_group_sizes", sub_group_sizes);
  PROPERTY("max_clock_frequency", core_clock_mhz, "In MHz; 0 where the driver does not say.");
  PROPERTY("max_parameter_size", max_argument_bytes, "Of all arguments of a kernel, in bytes.");
  PROPERTY("global_mem_size", memory_bytes, "In bytes.");
  PROPERTY("max_mem_alloc_size", max_allocation_bytes, "In bytes.");
  PROPERTY("local_mem_size", max_local_bytes, "In bytes.");
  PROPERTY("global_mem_cache_size", cache_bytes, "In bytes; 0 where the driver does not say.");
  PROPERTY("has_aspect_fp64", has_fp64);
  PROPERTY("has_aspect_fp16", has_fp16);
  PROPERTY("has_aspect_atomic64", has_int64_atomics);
  PROPERTY("has_aspect_usm_device_allocations", has_device_memory);
  PROPERTY("has_aspect_usm_host_allocations", has_host_memory);
  PROPERTY("has_aspect_usm_shared_allocations", has_shared_memory);
  PROPERTY("has_aspect_usm_system_allocations", shares_host_memory);
  PROPERTY("has_aspect_usm_atomic_host_allocations", has_host_atomics);
  PROPERTY("has_aspect_usm_atomic_shared_allocations", has_shared_atomics);
  PROPERTY("error_correction_support", corrects_memory_errors, "Whether memory corrects errors.");
  PROPERTY("_half_flags", half_flags);
  PROPERTY("_single_flags", single_flags);
  PROPERTY("_double_flags", double_flags);
  PROPERTY("_simd_lanes", simd_lanes);
#undef PROPERTY
  device
      .def_prop_ro(
          "max_work_item_sizes3d",
          [](const Device& d) {
            const auto& sizes = d.properties().max_group_sizes;
            return std::tuple(sizes[2], sizes[1], sizes[0]);
          },
          "Of a work-group, in each dimension, the outermost first.")
      .def_prop_ro(
          "profiling_timer_resolution",
          [](const Device& d) { return static_cast<uint64_t>(d.properties().timestamp_nanoseconds); },
          "In nanoseconds.");
}

void set_memory_pool_limit(Device& device, int64_t bytes) {
  if (bytes < 0) throw nb::value_error("the limit must not be negative");
  device.memory().set_limit(static_cast<size_t>(bytes));
}

void add_memory_pool(Class& device) {
  device
      .def_prop_rw(
          "memory_pool_limit", [](Device& d) { return d.memory().limit(); }, &set_memory_pool_limit,
          "How many bytes of freed device memory are kept for later requests at most; 0 keeps none.")
      .def_prop_ro(
          "pooled_bytes", [](Device& d) { return d.memory().statistics().pooled_bytes; },
          "How many bytes of freed device memory are kept now.")
      .def_prop_ro(
          "used_bytes", [](Device& d) { return d.memory().statistics().used_bytes; },
          "How many bytes of device memory are in use, each allocation rounded up by an eighth at most.")
      .def_prop_ro(
          "live_allocations", [](Device& d) { return d.memory().statistics().allocations; },
          "How many allocations of device memory are in use.");
}

}  // namespace

void add_devices(nb::module_& module) {
  Class device(module, "Device", "A Level Zero device, one of `metate.get_devices()`.");
  add_constructor(device);
  add_identity(device);
  add_limits(device);
  add_memory_pool(device);
  module.def("devices", [] {
    std::vector<std::shared_ptr<Device>> list;
    for (const std::shared_ptr<Device>& device : devices().all()) list.push_back(device);
    return list;
  });
  module.def("device_notes", [] {
    std::vector<std::string> notes(devices().notes().begin(), devices().notes().end());
    return notes;
  });
  module.def("kernel_check_wanted", &abi::is_kernel_check_wanted,
             "Whether METATE_KERNEL_CHECK in the environment asks for kernels to be checked, now.");
}

}  // namespace metate::ext

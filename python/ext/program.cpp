#include "python/ext/program.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "python/ext/devices.h"
#include "python/ext/event_object.h"
#include "python/ext/launch_sizes.h"
#include "python/ext/raise.h"
#include "python/ext/usm_view.h"
#include "runtime/level_zero/queue.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Argument;
using level_zero::Extent3;
using Program = std::shared_ptr<level_zero::Module>;

constexpr uint32_t kMagic = 0x07230203;  // by the SPIR-V specification 2.3

std::vector<level_zero::SpecializationConstant> read_constants(nb::dict given) {
  std::vector<level_zero::SpecializationConstant> constants;
  for (auto [id, value] : given) {
    const auto bytes = nb::cast<nb::bytes>(value);
    const auto* first = static_cast<const std::byte*>(bytes.data());
    constants.push_back({nb::cast<uint32_t>(id), {first, first + bytes.size()}});
  }
  return constants;
}

/// `specialized`: the bytes of specialization constants by their ids.
Program build(const QueueRef& queue, nb::bytes spirv, const std::string& options, nb::dict specialized) {
  std::vector<uint32_t> words(spirv.size() / sizeof(uint32_t));
  if (!words.empty()) std::memcpy(words.data(), spirv.data(), words.size() * sizeof(uint32_t));
  if (words.empty() || spirv.size() % sizeof(uint32_t) != 0 || words[0] != kMagic)
    fail(PyExc_ValueError, std::to_string(spirv.size()) +
                               " bytes are no SPIR-V, which is words of four bytes, and the first is 0x07230203");
  std::shared_ptr<level_zero::Device> device = queue->device();
  const std::vector<level_zero::SpecializationConstant> constants = read_constants(specialized);
  base::Result<level_zero::Module> module = [&] {
    ReleaseGil released;
    return level_zero::Module::from_spirv(device, words, options.empty() ? nullptr : options.c_str(), constants);
  }();
  return std::make_shared<level_zero::Module>(take(std::move(module)));
}

struct ProgramKernel {
  Program program;  // before the kernel, so that it goes last
  DeviceKernel on_device;

  const level_zero::Kernel& kernel() const { return on_device.kernel(); }
};

/// The arguments of a launch as the driver takes them: bytes are a number or record, an int asks for as many bytes of
/// the group's memory, and everything else is memory that the device reaches.
class Arguments {
 public:
  Arguments(const QueueRef& queue, nb::tuple given) {
    addresses_.reserve(given.size());
    for (nb::handle each : given) {
      if (PyBytes_Check(each.ptr())) {
        auto bytes = nb::cast<nb::bytes>(each);
        values_.push_back({bytes.data(), bytes.size()});
      } else if (PyLong_Check(each.ptr())) {
        values_.push_back(Argument::local(nb::cast<size_t>(each)));
      } else {
        add_memory(queue, each);
      }
    }
  }

  const std::vector<Argument>& values() const { return values_; }

 private:
  void add_memory(const QueueRef& queue, nb::handle object) {
    const UsmView view = read_usm_view(object);
    check_reach(view.queue, queue);
    addresses_.push_back(view.data);
    values_.push_back(Argument::of(addresses_.back()));
  }

  std::vector<void*> addresses_;  // room for all, so that they stay where they are
  std::vector<Argument> values_;
};

QueueEvent submit(ProgramKernel& launched, QueueRef queue, nb::tuple given, nb::handle global_size,
                  nb::handle local_size, nb::handle offset, nb::handle after, bool wait) {
  const std::shared_ptr<level_zero::Device>& device = queue->device();
  if (device != launched.program->device())
    fail(PyExc_ValueError, "the program was built for " + text_of(launched.program->device()) + ", not for " +
                               text_of(device) + " of the queue");
  if (given.size() != launched.kernel().argument_count())
    fail(PyExc_TypeError, "kernel " + launched.kernel().name() + " takes " +
                              std::to_string(launched.kernel().argument_count()) + " arguments, not " +
                              std::to_string(given.size()));
  DeviceQueue::Submissions awaited = submissions_of(after);
  const Extents global = read_extents(global_size), first = read_extents(offset);
  const Extent3 items = device_extents(global, "global");
  if (items[0] == 0 || items[1] == 0 || items[2] == 0) return {queue, nullptr};
  const Extent3 group = group_extents(*device, launched.on_device, items, read_extents(local_size));
  const level_zero::LaunchSizes sizes{
      {items[0] / group[0], items[1] / group[1], items[2] / group[2]}, group, device_offset(first)};
  Kept kept;
  const Arguments arguments(queue, given);
  kept.objects = {Ref::borrow(given.ptr()), Ref::borrow(nb::find(launched).ptr())};
  kept.global_size = global;
  kept.global_offset = first;
  auto append = [&](level_zero::Queue& list, const level_zero::Event& signal,
                    std::span<const level_zero::Event> waits) {
    return list.launch(launched.kernel(), sizes, arguments.values(), signal, waits);
  };
  return run(queue, append, awaited, std::move(kept), wait);
}

/// As a dictionary, under the names of the fields.
nb::dict properties(const ProgramKernel& described) {
  const level_zero::KernelProperties found = take(described.kernel().properties());
  nb::dict made;
  made["compile_num_sub_groups"] = found.required_sub_groups;
  made["compile_sub_group_size"] = found.required_sub_group_size;
  made["max_num_sub_groups"] = found.max_sub_groups;
  made["max_sub_group_size"] = found.max_sub_group_size;
  made["preferred_work_group_size_multiple"] = found.preferred_multiple;
  made["local_mem_size"] = found.local_bytes;
  made["private_mem_size"] = found.private_bytes;
  made["uuid"] = nb::bytes(found.uuid.data(), found.uuid.size());
  return made;
}

}  // namespace

void add_programs(nb::module_& module) {
  nb::class_<ProgramKernel>(module, "ProgramKernel", "A kernel of a `Program`.")
      .def_prop_ro("name", [](const ProgramKernel& kernel) { return str_of(kernel.kernel().name()); })
      .def_prop_ro("argument_count", [](const ProgramKernel& kernel) { return kernel.kernel().argument_count(); })
      .def_prop_ro("properties", &properties)
      .def("submit", &submit, nb::arg("queue"), nb::arg("arguments"), nb::arg("global_size").none(),
           nb::arg("local_size").none(), nb::arg("offset").none(), nb::arg("after").none(), nb::arg("wait"));
  nb::class_<level_zero::Module>(module, "Program", "SPIR-V that is built for the device of a queue.")
      .def(nb::new_(&build), nb::arg("queue"), nb::arg("spirv"), nb::arg("options"), nb::arg("specialized"))
      .def_prop_ro("log", [](const level_zero::Module& program) { return str_of(program.log()); })
      .def_prop_ro("kernel_names",
                   [](const level_zero::Module& program) {
                     nb::list names;
                     for (const std::string& name : take(program.kernel_names())) names.append(str_of(name));
                     return names;
                   })
      .def("kernel", [](const Program& program, const std::string& name) {
        return std::make_shared<ProgramKernel>(ProgramKernel{program, DeviceKernel(take(program->kernel(name)))});
      });
}

}  // namespace metate::ext

// kernel_arguments – the Python arguments of a launch: read, placed on a queue, brought to its device.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/arguments.h"
#include "python/ext/device_arguments.h"
#include "python/ext/queue_ref.h"

namespace metate::ext {

/// Throws Python exceptions.
class KernelArguments {
 public:
  /// `function` names the parameters in messages; the first of `arguments` is its parameter number `first`. Given a
  /// queue `of_layouts`, NumPy arrays say where arrays lie in memory of its device, and the caller keeps that memory.
  KernelArguments(nanobind::handle function, nanobind::tuple arguments, size_t first, QueueRef of_layouts = {});

  const ArgumentBuffer& buffer() const { return buffer_; }

  /// The queue that the launch runs on: `given` if there is one; else that of the arguments in device memory, which
  /// must be one and the same; else `context`, the innermost device_context's; else the default one. Refuses host
  /// arrays beside device memory.
  QueueRef choose_queue(QueueRef given, QueueRef context) const;

  /// Whether there are arrays that the device works on as copies, which have to be fetched when it is done.
  bool needs_copies(const level_zero::Device& device) const;
  std::shared_ptr<DeviceArguments> send(level_zero::Device& device, const driver::CompiledKernel& code);

  /// What the driver is told; the values lie in this object.
  std::vector<level_zero::Argument> values(const driver::CompiledKernel& code) const;

 private:
  struct Each {
    size_t local_bytes = 0;  // of an array in local memory
    QueueRef queue;          // of an array in device memory
  };
  void append(nanobind::handle argument);
  void append_layout(PyObject* layout, Each& each);
  /// Whether an argument is an array in memory of the host.
  bool is_of_host(size_t index) const;
  std::string name(size_t index) const;
  /// The place among `arguments_` of a kernel's argument.
  size_t place(const driver::CompiledKernel::Argument& argument) const { return argument.parameter - first_; }

  nanobind::handle function_;
  nanobind::tuple arguments_;
  size_t first_;
  QueueRef of_layouts_;
  ArgumentBuffer buffer_;
  std::vector<Each> each_;
};

}  // namespace metate::ext

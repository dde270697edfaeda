// kernel_arguments – the Python arguments of a launch: read, placed on a queue, brought to its device.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/arguments.h"
#include "python/ext/device_arguments.h"
#include "python/ext/queue_ref.h"

namespace metate::ext {

/// Throws Python exceptions.
class KernelArguments {
 public:
  /// `function`, which messages call `what`, names the parameters; the first of `arguments` is number `first` of them.
  /// Given a queue `of_layouts`, NumPy arrays say where arrays lie in memory of its device, and the caller keeps that
  /// memory.
  KernelArguments(nanobind::handle function, const char* what, nanobind::tuple arguments, size_t first,
                  QueueRef of_layouts = {});

  const ArgumentBuffer& buffer() const { return buffer_; }

  /// The queue that the launch runs on: `given` if there is one; else that of the arguments in device memory, which
  /// must be one and the same; else `context`, the innermost device_context's; else the default one. Refuses host
  /// arrays beside device memory.
  QueueRef choose_queue(QueueRef given, QueueRef context) const;

  /// An array in local memory is a TypeError: only kernels have groups.
  void refuse_local_arrays() const;
  /// A tuple with NumPy arrays in it is a TypeError.
  void refuse_arrays_in_tuples() const;

  /// Whether there are arrays that the device works on as copies, which have to be fetched when it is done.
  bool needs_copies(const level_zero::Device& device) const;
  /// `written` says of which parameters the code may write the elements.
  std::shared_ptr<DeviceArguments> send(level_zero::Device& device, const std::vector<bool>& written);

  /// What the driver is told; the values lie in this object.
  std::vector<level_zero::Argument> values(const driver::CompiledKernel& code) const;

  /// An argument's name, quoted.
  std::string name(size_t index) const;
  /// Whether an argument is an array in device memory, and whether that is memory that the host does not reach.
  bool lies_on_device(size_t index) const { return static_cast<bool>(each_[index].queue); }
  bool is_out_of_reach(size_t index) const { return each_[index].kind == level_zero::MemoryKind::kDevice; }
  size_t count() const { return each_.size(); }

 private:
  struct Each {
    int slot = 0;            // its first
    size_t local_bytes = 0;  // of an array in local memory
    QueueRef queue;          // of an array in device memory, and where that is
    level_zero::MemoryKind kind = level_zero::MemoryKind::kShared;
  };
  void append(nanobind::handle argument);
  void append_layout(PyObject* layout, Each& each);
  /// Whether an argument is an array in memory of the host.
  bool is_of_host(size_t index) const;
  /// The place among `arguments_` of a kernel's argument.
  size_t place(const driver::KernelArgument& argument) const { return argument.parameter - first_; }

  nanobind::handle function_;
  std::string what_;
  nanobind::tuple arguments_;
  size_t first_;
  QueueRef of_layouts_;
  ArgumentBuffer buffer_;
  std::vector<Each> each_;
};

}  // namespace metate::ext

// kernel_arguments – the Python arguments of a launch: read, placed on a queue, brought to its device.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  KernelArguments(nanobind::handle function, std::string_view what, nanobind::tuple arguments, size_t first,
                  QueueRef of_layouts = {});

  /// Without arguments, which are appended. Arrays lie in memory of the device of `of_layouts`.
  KernelArguments(nanobind::handle function, std::string_view what, QueueRef of_layouts)
      : function_(function), what_(what), first_(0), of_layouts_(std::move(of_layouts)) {}
  /// The elements of a layout in C's order, as an array with one axis.
  void append_row(nanobind::handle layout);
  void append_number(nanobind::handle number);
  /// As a number of that dtype of NumPy. OverflowError says that it is none.
  void append_number_as(nanobind::handle number, nanobind::handle dtype);

  const ArgumentBuffer& buffer() const { return buffer_; }
  /// Whether the caller keeps the memory of the arrays.
  bool are_layouts() const { return static_cast<bool>(of_layouts_); }

  /// The kernel shall not store into this one of the arguments.
  void make_read_only(size_t index);

  /// The queue that the launch runs on: `given` if there is one; else that of the arguments in device memory, which
  /// must be one and the same; else `context`, the innermost device_context's; else the default one, or where kernels
  /// are `checked`, that of the device that checks them. Refuses host arrays beside device memory.
  QueueRef choose_queue(QueueRef given, QueueRef context, bool checked = false) const;

  /// An array in local memory is a TypeError: only kernels have groups.
  void refuse_local_arrays() const;
  /// Arrays in local memory need groups of a size that the launch names, and have to fit into the device's.
  void check_local_arrays(const level_zero::Device& device, bool names_local_size) const;
  size_t local_bytes() const;

  /// Whether there are arrays that the device works on as copies, which have to be fetched when it is done.
  bool needs_copies(const level_zero::Device& device) const;
  /// Null where there is nothing to copy. What the parameters `write_only` hold need not be on the device, unless the
  /// code reads it after all.
  std::shared_ptr<DeviceArguments> send(level_zero::Device& device, const driver::Artifact& code,
                                        std::span<const uint32_t> write_only = {});

  /// What the driver is told, until the next call; the values lie in this object. The last one is the address `errors`,
  /// if it is given.
  std::span<const level_zero::Argument> values(const driver::CompiledKernel& code, const void* const* errors = nullptr);

  /// An argument's name, quoted.
  std::string name(size_t index) const;
  /// Whether an argument is an array in device memory, and whether that is memory that the host does not reach.
  bool lies_on_device(size_t index) const;
  bool is_out_of_reach(size_t index) const;
  size_t count() const { return first_words().size(); }

 private:
  /// An argument or a part of a tuple, in the order of the kernel's arguments.
  struct Array {
    size_t argument;
    nanobind::handle object;
    int slot;                // its first
    size_t local_bytes = 0;  // of an array in local memory
    QueueRef queue = {};     // of an array in device memory, and where that is
    level_zero::MemoryKind kind = level_zero::MemoryKind::kShared;
    bool is_of_host() const { return !queue && local_bytes == 0; }
  };
  struct Vectors {
    std::vector<int> first_words;  // of each argument, in the buffer's key
    std::vector<Array> arrays;
    std::vector<level_zero::Argument> values;

    void swap(Vectors& other) {
      first_words.swap(other.first_words);
      arrays.swap(other.arrays);
      values.swap(other.values);
    }
  };
  /// The memory of vectors goes from one launch to the next: the GIL is its lock.
  class Room {
   public:
    Room();
    ~Room();
    Room(Room&&) = default;
    Room& operator=(Room&&) = delete;
    Vectors vectors;

   private:
    static Vectors& spare();  // that the next launch takes
  };

  std::vector<int>& first_words() { return room_.vectors.first_words; }
  const std::vector<int>& first_words() const { return room_.vectors.first_words; }
  std::vector<Array>& arrays() { return room_.vectors.arrays; }
  const std::vector<Array>& arrays() const { return room_.vectors.arrays; }

  void append(nanobind::handle value, size_t argument);
  void append_tuple(nanobind::tuple tuple, size_t argument);
  void append_layout(PyObject* layout);

  nanobind::handle function_;
  std::string_view what_;
  nanobind::tuple arguments_;
  size_t first_;
  QueueRef of_layouts_;
  ArgumentBuffer buffer_;
  Room room_;
};

}  // namespace metate::ext

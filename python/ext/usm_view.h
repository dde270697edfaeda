// usm_view – arrays in memory that a device reaches, by the protocol `__sycl_usm_array_interface__`.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/types/dtype.h"
#include "python/ext/queue_ref.h"

namespace metate::ext {

/// An array that another object owns.
struct UsmView {
  QueueRef queue;
  level_zero::MemoryKind kind;
  types::DType dtype;
  char* data;                           // of the first element
  std::vector<int64_t> shape, strides;  // strides in bytes
  bool writable;

  int64_t count() const;
  bool is_contiguous() const;  // in C's order
};

/// Whether the object follows the protocol.
bool has_usm_interface(PyObject* object);

/// What the object says of itself. Throws a Python exception where that makes no sense, or where the memory is not, or
/// no longer, one that Metate has allocated for the device.
UsmView read_usm_view(nanobind::handle object);

/// Throws ValueError, with the names of both, where memory that lies on the device of one queue is to be used by
/// another device's.
void check_reach(const QueueRef& of_memory, const QueueRef& user);

/// A queue as messages call it.
std::string text_of(const QueueRef& queue);

/// The queue that a `syclobj` stands for: a queue itself, else the device's default queue.
QueueRef queue_of(nanobind::handle object);

}  // namespace metate::ext

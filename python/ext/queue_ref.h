// queue_ref – counted references to Queue objects of Python.
#pragma once

#include <nanobind/nanobind.h>

#include "python/ext/fast_binding.h"
#include "python/ext/queue.h"
#include "python/ext/ref.h"

namespace metate::ext {

/// Each copy is a reference of its own, so that Python's cycle collector can count them (a std::shared_ptr of nanobind
/// is one reference for all its copies).
class QueueRef {
 public:
  QueueRef() = default;
  explicit QueueRef(nanobind::handle object)
      : object_(Ref::borrow(object.ptr())), queue_(nanobind::inst_ptr<DeviceQueue>(object)) {}

  explicit operator bool() const { return queue_ != nullptr; }
  DeviceQueue* operator->() const { return queue_; }
  bool operator==(const QueueRef& other) const { return queue_ == other.queue_; }
  PyObject* object() const { return object_.get(); }

 private:
  Ref object_;
  DeviceQueue* queue_ = nullptr;
};

/// None is no queue.
inline QueueRef queue_of(PyObject* object) {
  if (object == Py_None) return {};
  if (!holds<DeviceQueue>(object)) throw nanobind::cast_error();
  return QueueRef(object);
}

}  // namespace metate::ext

namespace nanobind::detail {

/// None is no queue.
template <>
struct type_caster<metate::ext::QueueRef> {
  NB_TYPE_CASTER(metate::ext::QueueRef, const_name("Queue | None"))

  bool from_python(handle source, uint8_t, cleanup_list*) noexcept {
    if (!source.is_none() && !metate::ext::holds<metate::ext::DeviceQueue>(source)) return false;
    value = source.is_none() ? Value() : Value(source);
    return true;
  }

  static handle from_cpp(const metate::ext::QueueRef& queue, rv_policy, cleanup_list*) noexcept {
    return (queue ? handle(queue.object()) : none()).inc_ref();
  }
};

}  // namespace nanobind::detail

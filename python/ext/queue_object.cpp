#include "python/ext/queue_object.h"

#include <nanobind/stl/shared_ptr.h>

#include <array>
#include <functional>
#include <string>

#include "python/ext/event_object.h"
#include "python/ext/queue.h"
#include "python/ext/queue_submit.h"
#include "python/ext/raise.h"
#include "python/ext/usm_memory.h"
#include "python/ext/usm_view.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Event;
using Waits = std::span<const Event>;

/// A command on memory, after the checks that they share.
class MemoryCommand {
 public:
  MemoryCommand(QueueRef queue, nb::handle after, bool wait)
      : queue_(std::move(queue)), after_(submissions_of(after)), wait_(wait) {}

  /// So many bytes of an operand, which stay where they are until the command is done.
  char* operand(nb::handle object, int64_t bytes, bool writable) {
    Bytes operand = bytes_of(object, writable);
    check(operand, bytes);
    kept_.objects[operands_++] = std::move(operand.holder);
    return operand.data;
  }

  QueueEvent run(const DeviceQueue::Append& append) {
    return ext::run(queue_, append, after_, std::move(kept_), wait_);
  }

  /// What does nothing, but when its time has come.
  QueueEvent nothing() {
    if (after_.empty()) return {queue_, nullptr};
    return run([](level_zero::Queue& list, const Event& signal, Waits waits) { return list.barrier(signal, waits); });
  }

 private:
  void check(const Bytes& operand, int64_t bytes) const {
    if (bytes < 0) fail(PyExc_ValueError, "the number of bytes cannot be negative");
    if (static_cast<uint64_t>(bytes) > operand.size)
      fail(PyExc_ValueError,
           "there are " + std::to_string(operand.size) + " bytes, fewer than " + std::to_string(bytes));
    if (operand.queue) check_reach(operand.queue, queue_);
  }

  QueueRef queue_;
  DeviceQueue::Submissions after_;
  bool wait_;
  size_t operands_ = 0;  // at most two
  Kept kept_;
};

QueueEvent copy(QueueRef queue, nb::handle target, nb::handle source, int64_t bytes, nb::handle after, bool wait) {
  MemoryCommand command(std::move(queue), after, wait);
  char* to = command.operand(target, bytes, true);
  const char* from = command.operand(source, bytes, false);
  if (bytes == 0 || to == from) return command.nothing();
  const std::less<const char*> before;
  if (before(to, from + bytes) && before(from, to + bytes))
    fail(PyExc_ValueError, "source and target of the copy overlap");
  return command.run([=](level_zero::Queue& list, const Event& signal, Waits waits) {
    return list.copy(to, from, static_cast<size_t>(bytes), signal, waits);
  });
}

/// Repeats `pattern` from the beginning of the memory until `bytes` are written.
QueueEvent fill(QueueRef queue, nb::handle target, nb::handle pattern, int64_t bytes, nb::handle after, bool wait) {
  MemoryCommand command(std::move(queue), after, wait);
  const Bytes given = bytes_of(pattern, false);
  if (given.size == 0 || given.size > 16 || (given.size & (given.size - 1)) != 0)
    fail(PyExc_ValueError,
         "memory is filled with 1, 2, 4, 8 or 16 bytes again and again, not with " + std::to_string(given.size));
  std::array<std::byte, 16> value;
  std::memcpy(value.data(), given.data, given.size);
  char* to = command.operand(target, bytes, true);
  if (bytes % static_cast<int64_t>(given.size) != 0)
    fail(PyExc_ValueError,
         std::to_string(bytes) + " bytes are no multiple of the pattern's " + std::to_string(given.size));
  if (bytes == 0) return command.nothing();
  return command.run([=, size = given.size](level_zero::Queue& list, const Event& signal, Waits waits) {
    return list.fill(to, std::span(value).first(size), static_cast<size_t>(bytes), signal, waits);
  });
}

QueueEvent barrier(QueueRef queue, nb::handle after) {
  DeviceQueue::Submissions awaited = submissions_of(after);
  return run(
      queue, [](level_zero::Queue& list, const Event& signal, Waits waits) { return list.barrier(signal, waits); },
      awaited, {}, false);
}

/// Hints come to nothing more than a place in the queue: their event is a barrier's.
template <class Hint>
QueueEvent give_hint(QueueRef queue, nb::handle memory, int64_t bytes, const Hint& hint) {
  MemoryCommand command(std::move(queue), nb::none(), false);
  const char* data = command.operand(memory, bytes, false);
  if (bytes == 0) return command.nothing();
  return command.run([=](level_zero::Queue& list, const Event& signal, Waits waits) -> base::Status {
    if (base::Status bad = hint(list, data, static_cast<size_t>(bytes)); !bad) return bad;
    return list.barrier(signal, waits);
  });
}

QueueEvent advise(QueueRef queue, nb::handle memory, int64_t bytes, int advice) {
  if (advice < 0 || advice > 7) fail(PyExc_ValueError, "an advice is a number from 0 to 7, as Level Zero counts them");
  return give_hint(std::move(queue), memory, bytes, [=](level_zero::Queue& list, const char* data, size_t size) {
    return list.advise(data, size, static_cast<uint32_t>(advice));
  });
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  return nb::inst_ready(object) ? nb::inst_ptr<DeviceQueue>(object)->traverse(visit, arg) : 0;
}

int clear(PyObject* object) {
  if (nb::inst_ready(object)) nb::inst_ptr<DeviceQueue>(object)->clear();
  return 0;
}

PyType_Slot kSlots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&traverse)},
                        {Py_tp_clear, reinterpret_cast<void*>(&clear)},
                        {Py_tp_methods, submit_methods},
                        {0, nullptr}};

void wait(DeviceQueue& queue) {
  if (!queue.wait()) throw nb::python_error();
}

}  // namespace

void add_queues(nb::module_& module) {
  nb::class_<DeviceQueue>(module, "Queue", nb::type_slots(kSlots), "Base of `metate.Queue`.")
      .def(
          "__init__",
          [](DeviceQueue* self, std::shared_ptr<level_zero::Device> device, bool in_order, bool profiling,
             nb::object handler) {
            new (self) DeviceQueue(std::move(device), {in_order, profiling, std::move(handler)});
          },
          nb::arg("device"), nb::arg("in_order"), nb::arg("profiling"), nb::arg("async_handler").none())
      .def_prop_ro(
          "device", [](const DeviceQueue& queue) { return queue.device(); }, "Where its commands run.")
      .def_prop_ro(
          "is_in_order", [](const DeviceQueue& queue) { return queue.options().in_order; },
          "Whether each command begins when the one before it is done.")
      .def_prop_ro(
          "has_enable_profiling", [](const DeviceQueue& queue) { return queue.options().profiling; },
          "Whether its events know when commands began and ended.")
      .def(
          "addressof_ref", [](const DeviceQueue& queue) { return reinterpret_cast<uintptr_t>(&queue); },
          "The address of Metate's own record of the queue.")
      .def("wait", &wait,
           "Wait until all that was submitted before is done, without the GIL. Raises the first error of an "
           "asynchronous "
           "command that was not reported yet, with others as its context, unless there is an `async_handler`.")
      .def("_copy", &copy, nb::arg("dest"), nb::arg("src"), nb::arg("nbytes"), nb::arg("after").none(), nb::arg("wait"))
      .def("_fill", &fill, nb::arg("mem"), nb::arg("pattern"), nb::arg("nbytes"), nb::arg("after").none(),
           nb::arg("wait"))
      .def("submit_barrier", &barrier, nb::arg("dependent_events") = nb::none(),
           "An event that is signalled when the given events are, or else when all that was submitted before is done.")
      .def(
          "prefetch",
          [](QueueRef queue, nb::handle memory, int64_t bytes) {
            return give_hint(
                std::move(queue), memory, bytes,
                [](level_zero::Queue& list, const char* data, size_t size) { return list.prefetch(data, size); });
          },
          nb::arg("mem"), nb::arg("count"), "Hint that the device will soon need the first `count` bytes.")
      .def("mem_advise", &advise, nb::arg("mem"), nb::arg("count"), nb::arg("advice"),
           "Hint how the device will use the first `count` bytes: a number of Level Zero's `ze_memory_advice_t`.");
  module.def("_finish_queues", &DeviceQueue::finish_all, "Wait for all queues and report what nobody has asked for.");
}

}  // namespace metate::ext

// event_object – class Event of Python. It is no class of nanobind's: every asynchronous command makes an object of it,
// and nanobind's objects, which it also finds by their address, take a tenth of such a command's time.
#pragma once

#include <nanobind/nanobind.h>

#include "python/ext/event.h"

namespace metate::ext {

/// A new reference, or null and a Python exception.
PyObject* make_event(QueueEvent event);

/// Null where it is no Event.
const QueueEvent* event_in(nanobind::handle object);

/// Adds class Event to the module.
void add_events(nanobind::module_& module);

}  // namespace metate::ext

namespace nanobind::detail {

/// For functions that give an event.
template <>
struct type_caster<metate::ext::QueueEvent> {
  NB_TYPE_CASTER(metate::ext::QueueEvent, const_name("Event"))

  static handle from_cpp(metate::ext::QueueEvent event, rv_policy, cleanup_list*) noexcept {
    return metate::ext::make_event(std::move(event));
  }
};

}  // namespace nanobind::detail

// study – how functions were compiled, as Python objects, for reports.
#pragma once

#include <nanobind/nanobind.h>

#include <span>

#include "compiler/driver/session.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// driver::Study as dicts, lists, strings and numbers. Throws nb::python_error.
nanobind::dict study_as_dict(Interpreter& interpreter, types::ConstantId callee,
                             std::span<const types::TypeId> arguments, driver::Purpose purpose,
                             const driver::KernelTarget& target = {});

class Overload;

/// The same of a function of the CPU, with what its first call allocated; for callers without exceptions: a new
/// reference, or null with an exception set.
PyObject* make_study(Interpreter& interpreter, types::ConstantId callee, const Overload& overload);

/// Adds what METATE_TIMES has counted, and the writing of traces.
void add_traces(nanobind::module_& module);

}  // namespace metate::ext

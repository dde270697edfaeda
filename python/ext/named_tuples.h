// named_tuples – classes made by collections.namedtuple and typing.NamedTuple, as compiled code knows them.
#pragma once

#include "compiler/types/constant.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// Whether it is such a class, and its objects behave as those do: a class below it may have methods, but none that
/// change what tuples do.
bool is_named_tuple_class(PyObject* object);

/// The names of the fields, and the defaults of the last ones: tuples. Null with a Python exception set.
Ref named_tuple_fields(PyObject* of_class);
Ref named_tuple_defaults(PyObject* of_class);

/// The constant of such a class. Invalid for other classes of tuples, and with a Python exception set.
types::ConstantId named_tuple_class(PyObject* of_class, Interpreter& interpreter);

}  // namespace metate::ext

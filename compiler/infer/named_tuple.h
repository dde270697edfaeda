// named_tuple – tuples with names for their elements: classes by collections.namedtuple and typing.NamedTuple.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/infer/arguments.h"

/// Such a class is a constant of kind kObject with two tuples as elements: the names of the fields, and the defaults of
/// the last ones. A tuple type with that constant has the names; every operation but attributes takes it as the tuple
/// that it is.
namespace metate::infer {

bool is_named_tuple_class(const types::Constant& constant);

/// Class(...): binds as Python does.
Value make_named_tuple(Writer& writer, ConstantId of_class, const Arguments& arguments);

/// The value of a field, or `_fields`; nothing where the value is no such tuple or has no such name.
std::optional<Value> find_field(Writer& writer, Value value, std::string_view name);

/// "Point" of a type with names; empty for others.
std::string named_tuple_name(Writer& writer, const Type& type);
/// "x": the name of an element of a type with names.
std::string_view field_name(Writer& writer, const Type& type, size_t place);

}  // namespace metate::infer

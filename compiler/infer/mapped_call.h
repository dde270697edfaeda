// mapped_call – calls of functions that users made into NumPy-like ufuncs: once for each element, or for each place on
// the leading axes of arrays.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// f(x, y, out) for a function of numbers: `operands` are its arguments, broadcast against each other, then an array
/// for the results or None. Declarations are tried in order, as NumPy's ufuncs try their loops: the first wins to whose
/// types all arguments can be cast safely, where Python's numbers have a kind but no size.
Value call_elementwise_function(Writer& writer, std::string_view name, const Adaptation& adaptation,
                                std::span<const Value> operands);

/// f(x, y, out…) for a function that writes its results into arguments, with `Adaptation::core_axes` of each: it is
/// called for each place on the axes in front of these. All arguments have the same extents there, or none of them.
Value call_generalised_function(Writer& writer, std::string_view name, const Adaptation& adaptation,
                                std::span<const Value> operands);

}  // namespace metate::infer

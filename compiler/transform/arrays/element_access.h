// element_access – loads and stores of single elements, with views in between taken out.
#pragma once

#include "compiler/ir/builder.h"

namespace metate::transform {

/// An element of an array.
struct Access {
  ir::Value array;
  std::vector<ir::Value> indices;
};

/// The same element, named in the array that the view, transposition … is made of. So a nest needs no run-time strides
/// where there are none in memory, and captures less.
Access behind_views(ir::Builder& builder, Access access);

ir::Value load_element(ir::Builder& builder, const Access& access);
void store_element(ir::Builder& builder, ir::Value value, const Access& access);

}  // namespace metate::transform

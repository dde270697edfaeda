// filled_array.h – a variable of a device's module that is to hold a global array before kernels run.
#pragma once

#include <string>

#include "compiler/types/constant.h"

namespace metate::codegen {

struct FilledArray {
  std::string symbol;
  const types::FrozenArray* array;  // the universe's, which stays where it is
};

}  // namespace metate::codegen

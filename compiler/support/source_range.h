// source_range.h – where in the user's Python file something stands.
#pragma once

#include <cstdint>

namespace metate::support {

/// Lines count from 1, columns (UTF-8 bytes) from 0 as CPython's do; -1 where CPython does not say (columns in 3.10).
struct SourceRange {
  int32_t line = -1;
  int32_t end_line = -1;
  int32_t column = -1;
  int32_t end_column = -1;

  bool known() const { return line >= 0; }
  bool operator==(const SourceRange&) const = default;
};

}  // namespace metate::support

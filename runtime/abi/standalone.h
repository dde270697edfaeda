// standalone.h – what code that was compiled ahead of time says of itself, as data that it carries.
//
// codegen/standalone writes these records, runtime/standalone (calls from C) and python/module (calls from Python) read
// them. Layouts are C's; the static_asserts are part of the interface.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/context.h"

namespace metate::abi {

/// The type of a parameter or result.
struct StandaloneType {
  enum Kind : uint8_t { kNothing, kNumber, kArray };
  uint8_t kind;
  char code;     // of the number or of the elements: NumPy's type character
  uint8_t size;  // of it, in bytes
  uint8_t ndim;
  char layout;         // 'C', 'F' or 'A' (any strides)
  uint8_t is_written;  // of arrays: it may be assigned to
  uint8_t is_python;   // of numbers: Python's int, float, complex or bool, not NumPy's
  uint8_t unused;
};
static_assert(sizeof(StandaloneType) == 8);

/// Stands in StandaloneSite::message where a value does; the value's type character follows.
inline constexpr char kValueMark = '\1';

/// A place that raises, prints, or is passed by an exception on its way out.
struct StandaloneSite {
  const char* exception;  // "builtins.ValueError"; null where the site only prints or is passed
  const char* message;    // null: the exception has no argument
  const char* file;
  const char* function;
  int64_t line;
};
static_assert(sizeof(StandaloneSite) == 40);

struct StandaloneParameter {
  const char* name;
  StandaloneType type;
};
static_assert(sizeof(StandaloneParameter) == 16);

/// One exported name with one list of types.
struct StandaloneFunction {
  const char* name;
  int32_t (*entry)(Context* context, int64_t* results, const int64_t* arguments);  // on slots, types/slots.h
  const StandaloneParameter* parameters;
  int64_t parameter_count;
  StandaloneType result;
  int64_t may_take_long;  // worth giving Python's lock away
  const StandaloneSite* sites;
};
static_assert(sizeof(StandaloneFunction) == 56);

struct StandaloneLibrary {
  const char* name;
  const StandaloneFunction* functions;
  int64_t function_count;
};
static_assert(sizeof(StandaloneLibrary) == 24);

// Callers keep arguments and results on the stack, in arrays of these sizes; compiler/driver/library refuses what is
// larger.

/// Axes and slots of an array that is a result.
inline constexpr int kMostResultAxes = 8;
inline constexpr int kMostResultSlots = 2 + 2 * kMostResultAxes;

/// Parameters of a function that Python calls, and slots of them all.
inline constexpr int kMostModuleParameters = 64;
inline constexpr int kMostModuleSlots = 512;

constexpr int slot_count(const StandaloneType& type) {
  if (type.kind == StandaloneType::kArray) return 2 + 2 * type.ndim;
  return type.kind == StandaloneType::kNothing ? 0 : type.code == 'F' || type.code == 'D' ? 2 : 1;
}

}  // namespace metate::abi

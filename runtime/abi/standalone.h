// standalone.h – what code that was compiled ahead of time says of itself, as data that it carries.
//
// codegen/standalone writes these records, runtime/standalone (calls from C) and python/module (calls from Python) read
// them. Layouts are C's; the static_asserts are part of the interface.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/context.h"

namespace metate::abi {

/// The type of a parameter or result. The elements of a tuple stand behind it, each with its own behind itself.
struct StandaloneType {
  enum Kind : uint8_t { kNothing, kNumber, kArray, kTuple };
  uint8_t kind;
  char code;           // of the number or of the elements: NumPy's type character
  uint8_t size;        // of it, in bytes
  uint8_t ndim;        // of tuples: the number of elements
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
  const StandaloneType* type;
};
static_assert(sizeof(StandaloneParameter) == 16);

/// One exported name with one list of types. For C, which has no tuples, each element of one is a parameter of its own.
struct StandaloneFunction {
  const char* name;
  int32_t (*entry)(Context* context, int64_t* results, const int64_t* arguments);  // on slots, types/slots.h
  const StandaloneParameter* parameters;
  int64_t parameter_count;
  const StandaloneType* result;
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

/// Axes of an array that is a result, or is in one; slots of the whole.
inline constexpr int kMostResultAxes = 8;
inline constexpr int kMostResultSlots = 256;
static_assert(array_record_size(kMostResultAxes) <= 8 * kMostResultSlots);

/// Parameters of a function that Python calls, elements of tuples among them, and slots of them all.
inline constexpr int kMostModuleParameters = 64;
inline constexpr int kMostModuleSlots = 512;

/// What stands behind a type and its elements.
constexpr const StandaloneType* behind(const StandaloneType* type) {
  for (int left = 1; left > 0; ++type) left += (type->kind == StandaloneType::kTuple ? type->ndim : 0) - 1;
  return type;
}

/// Slots of a value; of a tuple none but its elements' own.
constexpr int own_slots(const StandaloneType& type) {
  switch (type.kind) {
    case StandaloneType::kNumber:
      return type.code == 'F' || type.code == 'D' ? 2 : 1;
    case StandaloneType::kArray:
      return 2 + 2 * type.ndim;
    default:
      return 0;
  }
}

}  // namespace metate::abi

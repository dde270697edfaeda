// context.h – the records that compiled code and its callers share (architecture, decision 6).
//
// Every compiled function is   int32_t f(Context*, Result*, arguments…)   and returns kOk or kRaised. Plain C layout:
// generated code reads and writes these fields by offset, so the static_asserts below are part of the interface.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::abi {

enum Status : int32_t {
  kOk = 0,
  kRaised = 1,  // Context::error says what
};

inline constexpr int kMaxErrorValues = 24;  // the extents of three shapes of eight axes, for one
inline constexpr int kMaxTrace = 16;

/// The first error of a call. `site` is an index into the artifact's table of error sites (class, message parts, source
/// line); `values` are the run-time values of its message, each 64 bits as the site says (int64, double, or a pointer).
struct ErrorRecord {
  int32_t site;          // -1: no error
  int32_t trace_length;  // may exceed kMaxTrace: then only the innermost kMaxTrace are kept
  int64_t values[kMaxErrorValues];
  int32_t trace[kMaxTrace];  // call sites passed on the way out, innermost first
};

struct Context;
struct Owner;

/// What compiled code may ask of whoever called it. Callers put more behind it.
struct HostCalls {
  int32_t (*print)(Context* context, int32_t site, const int64_t* values);  // kOk, or kRaised after filling the error
  void (*report)(Context* context);  // an error that no caller can take: of a function that C has called
  // The interrupt flag was kAsk: kOk to go on, or kRaised with an exception of the host's own (error site -1).
  int32_t (*interrupted)(Context* context);
  // Of calls that belong to a device, else null: metate_offload and metate_alloc_shared.
  int32_t (*offload)(Context* context, int32_t nest, const int64_t* extents, int64_t* env);
  Owner* (*allocate_shared)(Context* context, int64_t bytes);
};

/// Values of the interrupt flag.
enum Interrupt : int32_t {
  kGoOn = 0,
  kAsk = 1,    // a signal has come: the host says what becomes of it
  kLeave = 2,  // another thread of the region has raised what the host wants: leave with error site -1
};

/// One a thread of execution. Parallel regions make a fresh one for each chunk, so nothing here is shared.
struct Context {
  ErrorRecord error;
  const char* stack_limit;   // calls that may recurse raise RecursionError from frames below this address
  const int32_t* interrupt;  // Interrupt; loops that may run long look at it and ask metate_interrupted
  const HostCalls* host;
};

/// Reference-counted storage behind arrays made by compiled code. Borrowed arrays have no owner (null).
struct Owner {
  int64_t count;
  int64_t bytes;  // of the data
  void (*destroy)(Owner*);
};

/// Where the data of a block made by metate_alloc begins: a cache line after its owner, so it is aligned to 64 bytes.
inline constexpr int64_t kOwnerDataOffset = 64;
static_assert(sizeof(Owner) <= kOwnerDataOffset);

/// An array as it stands in memory: in argument lists, results and tuples. Strides are in bytes.
///   struct { void* data; Owner* owner; int64_t shape[ndim]; int64_t strides[ndim]; }
struct ArrayHeader {
  void* data;
  Owner* owner;
  // followed by int64_t shape[ndim], int64_t strides[ndim]
};

constexpr size_t array_record_size(int ndim) {
  return sizeof(ArrayHeader) + 2 * sizeof(int64_t) * static_cast<size_t>(ndim);
}

static_assert(offsetof(ErrorRecord, values) == 8);
static_assert(offsetof(ErrorRecord, trace) == 8 + 8 * kMaxErrorValues);
static_assert(offsetof(Context, stack_limit) == sizeof(ErrorRecord));

}  // namespace metate::abi

// call_from_c – what the C functions of a library do: arguments are checked, results and errors become C's.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/abi/runtime_calls.h"
#include "runtime/abi/standalone.h"
#include "runtime/standalone/arrays.h"
#include "runtime/standalone/host.h"
#include "runtime/standalone/text.h"

namespace metate::standalone {
namespace {

using abi::StandaloneFunction;
using abi::StandaloneParameter;
using abi::StandaloneSite;
using abi::StandaloneType;

/// metate_error of the headers that python/metate/ahead_of_time/c_header.py writes.
struct Error {
  const char* type;
  const char* file;
  const char* function;
  int64_t line;
  char message[480];
};

/// "builtins." is what everyone means.
const char* short_name(const char* exception) {
  constexpr char kBuiltins[] = "builtins.";
  return strncmp(exception, kBuiltins, sizeof kBuiltins - 1) == 0 ? exception + sizeof kBuiltins - 1 : exception;
}

int32_t print(abi::Context* context, int32_t number, const int64_t* values) {
  const StandaloneSite& site = reinterpret_cast<const Host*>(context->host)->sites[number];
  char text[512];
  const size_t length = write_text(site, values, text, sizeof text);
  if (length < sizeof text) {
    fputs(text, stdout);
  } else if (char* longer = static_cast<char*>(malloc(length + 1))) {
    write_text(site, values, longer, length + 1);
    fputs(longer, stdout);
    free(longer);
  }
  return abi::kOk;
}

/// The caller has said by metate_interrupt that calls shall end.
int32_t leave(abi::Context* context) {
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

int32_t refuse(Error* error, const StandaloneFunction& function, const StandaloneParameter& parameter,
               const char* fault) {
  if (!error) return abi::kRaised;
  *error = {.type = "ValueError", .file = "", .function = function.name, .line = 0, .message = {}};
  snprintf(error->message, sizeof error->message, "argument '%s' of %s() %s", parameter.name, function.name, fault);
  return abi::kRaised;
}

int32_t fail(Error* error, const StandaloneFunction& function, const abi::ErrorRecord& record) {
  if (!error) return abi::kRaised;
  if (record.site < 0) {
    *error = {.type = "KeyboardInterrupt",
              .file = "",
              .function = function.name,
              .line = 0,
              .message = "ended by metate_interrupt()"};
    return abi::kRaised;
  }
  const StandaloneSite& site = function.sites[record.site];
  *error = {.type = site.exception ? short_name(site.exception) : "RuntimeError",
            .file = site.file ? site.file : "",
            .function = site.function ? site.function : function.name,
            .line = site.line,
            .message = {}};
  write_text(site, record.values, error->message, sizeof error->message);
  return abi::kRaised;
}

/// The first slot of an array or complex number holds its address; both become what compiled code expects. The fault,
/// or null.
const char* take(const StandaloneType& type, int64_t* slots) {
  const bool is_complex = type.kind == StandaloneType::kNumber && own_slots(type) == 2;
  if (type.kind != StandaloneType::kArray && !is_complex) return nullptr;
  const auto* given = reinterpret_cast<const char*>(slots[0]);
  if (!given) return "is a null pointer";
  if (is_complex) {
    const size_t part = type.size / 2u;
    memcpy(slots, given, part);
    memcpy(slots + 1, given + part, part);
    return nullptr;
  }
  memcpy(slots, given, sizeof(int64_t) * static_cast<size_t>(own_slots(type)));
  return find_fault(type, slots);
}

/// What nobody wants to have is given back.
void drop(const StandaloneType& type, const int64_t* slots) {
  auto* owner = type.kind == StandaloneType::kArray ? reinterpret_cast<abi::Owner*>(slots[1]) : nullptr;
  if (owner && __atomic_sub_fetch(&owner->count, 1, __ATOMIC_ACQ_REL) == 0) metate_destroy(owner);
}

void give(const StandaloneType& type, const int64_t* slots, void* result) {
  if (!result) return drop(type, slots);
  const int parts = own_slots(type);
  if (type.kind == StandaloneType::kArray) {
    memcpy(result, slots, sizeof(int64_t) * static_cast<size_t>(parts));
    return;
  }
  const size_t size = type.size / static_cast<size_t>(parts);
  for (int i = 0; i < parts; ++i) memcpy(static_cast<char*>(result) + static_cast<size_t>(i) * size, slots + i, size);
}

/// Each number and array of the result goes to an address of its own.
void give_all(const StandaloneType* type, const int64_t* slots, void* const* results) {
  for (const StandaloneType* end = abi::behind(type); type != end; ++type) {
    if (own_slots(*type) == 0) continue;
    give(*type, slots, *results++);
    slots += own_slots(*type);
  }
}

}  // namespace
}  // namespace metate::standalone

/// abi::Interrupt, in the code of the library (codegen/standalone).
extern "C" int32_t metate_interrupt_flag;

/// `slots` has the arguments as codegen/standalone puts them there; `addresses` says where the results go.
extern "C" int32_t metate_call_from_c(const metate::abi::StandaloneFunction* function, int64_t* slots,
                                      void* const* addresses, void* error_record) {
  using namespace metate::standalone;
  auto* error = static_cast<Error*>(error_record);
  int64_t* at = slots;
  for (int64_t i = 0; i < function->parameter_count; ++i) {
    const metate::abi::StandaloneParameter& parameter = function->parameters[i];
    if (const char* fault = take(*parameter.type, at)) return refuse(error, *function, parameter, fault);
    at += own_slots(*parameter.type);
  }
  const Host host{
      {.print = print, .report = nullptr, .interrupted = leave, .offload = nullptr, .allocate_shared = nullptr},
      function->sites};
  metate::abi::Context context;
  begin_call(context, host);
  context.interrupt = &metate_interrupt_flag;
  int64_t results[metate::abi::kMostResultSlots];
  if (function->entry(&context, results, slots) != metate::abi::kOk) return fail(error, *function, context.error);
  give_all(function->result, results, addresses);
  return metate::abi::kOk;
}

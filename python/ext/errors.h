// errors – the only place that makes Python exceptions out of what the compiler, the runtime and compiled code report.
#pragma once

#include <span>
#include <string_view>

#include "compiler/driver/session.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// Sets the exception of an environment failure or internal bug.
void set_error(const base::Error& error);

/// Sets an exception of metate.errors.
void set_error_of_class(const char* name, std::string_view message);

/// Issues a MetateWarning. False if that has become an exception, which is set now.
bool warn(std::string_view message);

/// Drops the exception that is set, if there is one. A Ctrl-C is not lost: it comes again when Python looks for signals
/// next.
void drop_error();

/// Sets metate.errors.TypingError, or a class under it, with the rendered diagnostics, or issues Python warnings where
/// none is an error. False if an exception is set now.
bool report(std::span<const support::Diagnostic> diagnostics);

/// Sets the exception that compiled code recorded, with traceback entries of the Python lines it passed. The GIL is
/// held and the session's lock is not.
void raise_recorded(const abi::ErrorRecord& record, const driver::Artifact& artifact, Interpreter& interpreter);

/// Gives the exception that is set the global id of the work-item that raised it: as the attribute `global_id`, a
/// tuple, and as a note where exceptions have notes (CPython 3.11 and later).
void name_work_item(std::span<const int64_t> global_id);

/// The text of a message of `artifact` with its run-time values: what print writes. Null with an exception set.
Ref message_text(int32_t site, const int64_t* values, const driver::Artifact& artifact, Interpreter& interpreter);

}  // namespace metate::ext

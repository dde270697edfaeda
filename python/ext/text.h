// text – texts of the compiler's as Python's. They may hold names of files and strings of users, which need not be
// UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "python/ext/ref.h"

namespace metate::ext {

/// A str of any bytes; null, with MemoryError set, only for want of memory. What `utf8_of` gives is read back as it
/// was; a byte of any other text that is not UTF-8 becomes a lone surrogate, as Python does in names of files.
Ref as_text(std::string_view text);

/// The UTF-8 of a str, with lone surrogates as if they were characters. Nothing, with an exception set, on failure.
std::optional<std::string> utf8_of(PyObject* string);

void set_error(PyObject* type, std::string_view message);

/// False if the warning has become an exception, which is set now.
bool warn(PyObject* category, std::string_view message);

}  // namespace metate::ext

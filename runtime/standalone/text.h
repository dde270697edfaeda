// text – what an exception or print() says, as Python writes it, without Python.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::abi {
struct StandaloneSite;
}

namespace metate::standalone {

/// Writes the site's message with its values, cut to `size` bytes with the zero at the end. The text's whole length.
size_t write_text(const abi::StandaloneSite& site, const int64_t* values, char* out, size_t size);

/// Writes one number of that type character; `values` has a second one for complex numbers. Moves `values` behind it.
size_t write_number(char code, const int64_t*& values, char* out, size_t size);

}  // namespace metate::standalone

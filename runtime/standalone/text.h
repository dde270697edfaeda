// text – what an exception or print() says, as Python writes it, without Python.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::abi {
struct StandaloneSite;
}

namespace metate::standalone {

/// A bounded text that goes on counting.
class Text {
 public:
  Text(char* out, size_t size) : out_(out), size_(size) {
    if (size_) out_[0] = 0;
  }
  void add(char character) {
    if (length_ + 1 < size_) {
      out_[length_] = character;
      out_[length_ + 1] = 0;
    }
    ++length_;
  }
  void add(const char* characters) {
    while (*characters) add(*characters++);
  }
  void add(const char* characters, size_t count) {
    for (size_t i = 0; i < count; ++i) add(characters[i]);
  }
  size_t length() const { return length_; }

 private:
  char* out_;
  size_t size_;
  size_t length_ = 0;
};

/// Writes the site's message with its values, cut to `size` bytes with the zero at the end. The text's whole length.
size_t write_text(const abi::StandaloneSite& site, const int64_t* values, char* out, size_t size);

/// Writes one number of that type character; `values` has a second one for complex numbers. Moves `values` behind it.
size_t write_number(char code, const int64_t*& values, char* out, size_t size);

}  // namespace metate::standalone

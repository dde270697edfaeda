// bytes – numbers, texts and lists as a row of bytes, and back with every length checked.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metate::ze_software {

class ByteWriter {
 public:
  template <class T>
    requires std::integral<T> || std::is_enum_v<T>
  void number(T value) {
    const auto wide = static_cast<uint64_t>(value);
    append(&wide, sizeof(wide));
  }
  void bytes(std::span<const std::byte> data) {
    number(data.size());
    append(data.data(), data.size());
  }
  void text(std::string_view text) { bytes(std::as_bytes(std::span(text))); }
  template <class T, class Each>
  void list(const T& values, Each each) {
    number(values.size());
    for (const auto& value : values) each(value);
  }

  std::vector<std::byte> take() { return std::move(data_); }

 private:
  void append(const void* data, size_t size) {
    const auto* from = static_cast<const std::byte*>(data);
    data_.insert(data_.end(), from, from + size);
  }
  std::vector<std::byte> data_;
};

/// After the first read that finds too little, everything reads as zero and empty.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> data) : data_(data) {}

  bool failed() const { return failed_; }
  bool at_end() const { return data_.empty(); }

  template <class T>
  T number() {
    uint64_t wide = 0;
    if (const std::span<const std::byte> from = take(sizeof(wide)); !failed_)
      std::memcpy(&wide, from.data(), sizeof(wide));
    return static_cast<T>(wide);
  }
  std::span<const std::byte> bytes() { return take(number<uint64_t>()); }
  std::string text() {
    const std::span<const std::byte> from = bytes();
    return {reinterpret_cast<const char*>(from.data()), from.size()};
  }
  /// Every element takes at least eight bytes, so that no false length can ask for more memory than there are bytes.
  template <class Each>
  void list(Each each) {
    const auto count = number<uint64_t>();
    failed_ |= count > data_.size() / sizeof(uint64_t);
    for (uint64_t i = 0; i < count && !failed_; ++i) each();
  }

 private:
  std::span<const std::byte> take(uint64_t size) {
    failed_ |= size > data_.size();
    if (failed_) return {};
    const std::span<const std::byte> taken = data_.first(size);
    data_ = data_.subspan(size);
    return taken;
  }
  std::span<const std::byte> data_;
  bool failed_ = false;
};

}  // namespace metate::ze_software

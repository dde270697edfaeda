// byte_stream – values as bytes and back; whoever reads may be given anything.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metate::driver {

/// Integers in eight bytes or one, in the order of this machine: what is written depends on its CPU anyway.
class ByteWriter {
 public:
  void u8(uint8_t value) { bytes_.push_back(std::byte(value)); }
  void u64(uint64_t value) { raw(std::as_bytes(std::span(&value, 1))); }
  void i64(int64_t value) { u64(static_cast<uint64_t>(value)); }
  void f64(double value) { u64(std::bit_cast<uint64_t>(value)); }
  void block(std::span<const std::byte> bytes) {
    u64(bytes.size());
    raw(bytes);
  }
  void text(std::string_view text) { block(std::as_bytes(std::span(text))); }
  template <class Items, class Write>
  void list(const Items& items, const Write& write) {
    u64(items.size());
    for (const auto& item : items) write(item);
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void raw(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  std::vector<std::byte> bytes_;
};

/// After the first value that is not there or makes no sense, every value is zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty() && !failed_; }
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  uint8_t u8() {
    const std::span<const std::byte> got = take(1);
    return got.empty() ? uint8_t{0} : static_cast<uint8_t>(got[0]);
  }
  /// A value that has to be below `end`: of an enumeration, say.
  uint8_t u8_below(unsigned end) {
    const uint8_t value = u8();
    if (value < end) return value;
    fail();
    return 0;
  }
  bool flag() { return u8_below(2) != 0; }
  uint64_t u64() {
    uint64_t value = 0;
    const std::span<const std::byte> got = take(sizeof value);
    if (!got.empty()) std::memcpy(&value, got.data(), sizeof value);
    return value;
  }
  int64_t i64() { return static_cast<int64_t>(u64()); }
  double f64() { return std::bit_cast<double>(u64()); }
  std::span<const std::byte> block() { return take(u64()); }
  std::string_view text() {
    const std::span<const std::byte> got = block();
    return {reinterpret_cast<const char*>(got.data()), got.size()};
  }
  /// Calls `read` for each item: no more often than there are bytes, since each item takes one at least.
  template <class Read>
  void list(const Read& read) {
    const uint64_t count = u64();
    if (count > rest_.size()) fail();
    for (uint64_t i = 0; i < count && !failed_; ++i) read();
  }

 private:
  std::span<const std::byte> take(uint64_t size) {
    if (size > rest_.size()) fail();
    if (failed_) return {};
    const std::span<const std::byte> got = rest_.first(size);
    rest_ = rest_.subspan(size);
    return got;
  }

  std::span<const std::byte> rest_;
  bool failed_ = false;
};

}  // namespace metate::driver

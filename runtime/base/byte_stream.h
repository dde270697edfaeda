// byte_stream – values as bytes and back; whoever reads may be given anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace metate::base {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Numbers are written as this machine has them: what is written depends on its CPU anyway. The reader names their
/// types, which say how long they are, so the writer's are to be the same.
class ByteWriter {
 public:
  template <Number T>
  void number(T value) {
    raw(std::as_bytes(std::span(&value, 1)));
  }
  void block(std::span<const std::byte> bytes) {
    number<uint64_t>(bytes.size());
    raw(bytes);
  }
  void text(std::string_view text) { block(std::as_bytes(std::span(text))); }
  template <class Items, class Write>
  void list(const Items& items, const Write& write) {
    number<uint64_t>(items.size());
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

  template <Number T>
    requires(!std::is_enum_v<T> && !std::is_same_v<T, bool>)
  T number() {
    T value{};
    const std::span<const std::byte> got = take(sizeof value);
    if (!got.empty()) std::memcpy(&value, got.data(), sizeof value);
    return value;
  }
  bool flag() {
    const auto value = number<uint8_t>();
    if (value > 1) fail();
    return value == 1;
  }
  /// An enumerator, of which `last` is the last one.
  template <class T>
    requires std::is_enum_v<T>
  T enumerator(T last) {
    using Bits = std::underlying_type_t<T>;
    static_assert(std::is_unsigned_v<Bits>);
    const Bits value = number<Bits>();
    if (value <= static_cast<Bits>(last)) return static_cast<T>(value);
    fail();
    return T{};
  }
  std::span<const std::byte> block() { return take(number<uint64_t>()); }
  std::string_view text() {
    const std::span<const std::byte> got = block();
    return {reinterpret_cast<const char*>(got.data()), got.size()};
  }
  /// Calls `read` for each item: no more often than there are bytes, since each item takes one at least.
  template <class Read>
  void list(const Read& read) {
    const auto count = number<uint64_t>();
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

}  // namespace metate::base

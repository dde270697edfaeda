// ids.h – typed 32-bit ids and the maps they index.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "runtime/base/assert.h"

namespace metate::support {

/// A 32-bit index that cannot be mixed up with an index into another table. A default-made one is invalid.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t index) : index_(index) {}

  constexpr bool valid() const { return index_ != kInvalid; }
  constexpr explicit operator bool() const { return valid(); }
  constexpr uint32_t index() const { return index_; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  static constexpr uint32_t kInvalid = std::numeric_limits<uint32_t>::max();
  uint32_t index_ = kInvalid;
};

/// Owns one T for each id that it has handed out.
template <class IdType, class T>
class IdVector {
 public:
  IdType add(T value) {
    items_.push_back(std::move(value));
    return IdType(static_cast<uint32_t>(items_.size() - 1));
  }
  T& operator[](IdType id) {
    METATE_ASSERT(id.index() < items_.size());
    return items_[id.index()];
  }
  const T& operator[](IdType id) const {
    METATE_ASSERT(id.index() < items_.size());
    return items_[id.index()];
  }
  size_t size() const { return items_.size(); }
  bool contains(IdType id) const { return id.valid() && id.index() < items_.size(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;
};

/// A T for each id of somebody else's table; absent ones read as the default.
template <class IdType, class T>
class SideTable {
 public:
  explicit SideTable(T absent = T()) : absent_(std::move(absent)) {}

  T& operator[](IdType id) {
    if (id.index() >= items_.size()) items_.resize(id.index() + 1, absent_);
    return items_[id.index()];
  }
  const T& operator[](IdType id) const { return id.index() < items_.size() ? items_[id.index()] : absent_; }

 private:
  std::vector<T> items_;
  T absent_;
};

}  // namespace metate::support

template <class Tag>
struct std::hash<metate::support::Id<Tag>> {
  size_t operator()(metate::support::Id<Tag> id) const noexcept { return std::hash<uint32_t>()(id.index()); }
};

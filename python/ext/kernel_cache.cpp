#include "python/ext/kernel_cache.h"

#include <algorithm>
#include <iterator>

#include "python/ext/arguments.h"

namespace metate::ext {

std::shared_ptr<BuiltKernel> KernelCache::find(std::span<const uint64_t> key, const KernelSpace& space,
                                               abi::DeviceFeatures features, bool is_declared) {
  auto fits = [&](const BuiltKernel& entry) { return entry.space == space && entry.serves(features); };
  auto found = std::ranges::find_if(
      entries_, [&](const auto& entry) { return fits(*entry) && std::ranges::equal(entry->key, key); });
  if (found == entries_.end() && is_declared)
    found = std::ranges::find_if(
        entries_, [&](const auto& entry) { return fits(*entry) && std::ranges::equal(key, entry->key, accepts_word); });
  if (found == entries_.end()) return nullptr;
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front();
}

KernelCache::Entries KernelCache::add(std::shared_ptr<BuiltKernel> built) {
  entries_.insert(entries_.begin(), std::move(built));
  if (entries_.size() <= limit_) return {};
  auto first = entries_.begin() + static_cast<std::ptrdiff_t>(limit_);
  Entries left(std::make_move_iterator(first), std::make_move_iterator(entries_.end()));
  entries_.erase(first, entries_.end());
  return left;
}

}  // namespace metate::ext

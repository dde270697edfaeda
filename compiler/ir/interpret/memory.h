// memory.h – storage of arrays that interpreted code makes, with its owners counted.
#pragma once

#include <memory>
#include <unordered_map>

#include "runtime/abi/context.h"

namespace metate::ir {

/// Owns every block until the end, so that a view of released storage is noticed and not read. Code at a stage without
/// ownership (before place_retains) simply never releases.
class Memory {
 public:
  explicit Memory(int64_t limit) : limit_(limit) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// A block with count 1, filled with a pattern; null if the bytes are negative or the limit is reached.
  abi::Owner* allocate(int64_t bytes);
  std::byte* data(abi::Owner* owner) { return blocks_.at(owner)->bytes; }
  void retain(abi::Owner* owner) { ++owner->count; }
  /// False if the count was zero already: released once too often.
  bool release(abi::Owner* owner);
  /// Whether what the owner keeps may be used; borrowed storage (no owner) always.
  static bool alive(const abi::Owner* owner) { return !owner || owner->count > 0; }
  /// Blocks whose count has not fallen to zero.
  size_t live_blocks() const;
  /// From now on the block lives until its count falls to zero elsewhere; whoever sees that calls owner->destroy.
  void hand_over(abi::Owner* owner);

 private:
  struct Block {
    Block() = default;
    ~Block();
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    abi::Owner owner{};
    std::byte* bytes = nullptr;
  };

  static void destroy(abi::Owner* owner);

  int64_t limit_;
  int64_t used_ = 0;
  std::unordered_map<const abi::Owner*, std::unique_ptr<Block>> blocks_;
};

}  // namespace metate::ir

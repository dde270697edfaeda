// shadow – who read and wrote each place in memory last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace metate::ze_software::check {

/// How many barriers an item has passed: those of its work-group, and those of its sub-group alone.
struct Passed {
  uint32_t group = 0;
  uint32_t sub_group = 0;

  bool operator==(const Passed&) const = default;
};

/// One access of a work-item, and when it was in the item's own time and in that of atomic operations.
struct Step {
  uint32_t item = 0;  // by group, and in the group by linear local id
  Passed passed;
  uint32_t time = 0;  // on the checker's clock
  uint16_t line = 0;
  uint16_t atomic : 1 = 0;
  uint16_t there : 1 = 0;
};

/// What has been done to a place since it was last written. Two readers of different items are enough: whoever writes
/// is not one of them at least.
struct Place {
  Step write, read, other_read;
};

/// Memory by address. Places are as large as the accesses to their page are: from 1 byte to 8.
class Shadow {
 public:
  template <class Visit>
  void visit(uintptr_t address, size_t bytes, Visit visit) {
    while (bytes > 0) {
      const uintptr_t start = address / kPageBytes * kPageBytes;
      const size_t offset = address - start;
      const size_t here = std::min(bytes, kPageBytes - offset);
      Page& page = page_at(start);
      refine(page, offset | here);
      for (size_t i = offset / page.grain; i * page.grain < offset + here; ++i) visit(page.places[i]);
      address += here;
      bytes -= here;
    }
  }

  void clear() {
    pages_.clear();
    last_ = nullptr;
  }

 private:
  static constexpr size_t kPageBytes = 1024;
  static constexpr size_t kMaxGrain = 8;

  struct Page {
    size_t grain = 0;
    std::vector<Place> places;
  };

  Page& page_at(uintptr_t start) {
    if (!last_ || last_start_ != start) {
      last_ = &pages_[start];
      last_start_ = start;
    }
    return *last_;
  }

  /// So that places begin and end where the access does, whose offset and size have these bits.
  static void refine(Page& page, size_t bits) {
    const size_t wanted = std::min(bits & (~bits + 1), kMaxGrain);
    if (page.grain && page.grain <= wanted) return;
    std::vector<Place> finer(kPageBytes / wanted);
    for (size_t i = 0; page.grain && i < finer.size(); ++i) finer[i] = page.places[i * wanted / page.grain];
    page.places = std::move(finer);
    page.grain = wanted;
  }

  std::unordered_map<uintptr_t, Page> pages_;
  Page* last_ = nullptr;
  uintptr_t last_start_ = 0;
};

}  // namespace metate::ze_software::check

#include "runtime/ze_software/check/checker.h"

#include <algorithm>

#include "runtime/base/assert.h"
#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::check {
namespace {

thread_local Checker* the_checker = nullptr;

/// A loop that only faults may never end, as what it reads is made up.
constexpr uint64_t kMaxOccurrences = 100'000;

}  // namespace

Checker& current_checker() {
  METATE_ASSERT(the_checker);
  return *the_checker;
}

Checker::Checker(const CheckedLaunch& launch) : launch_(launch) {
  const uint64_t* size = launch.record.group_size;
  group_items_ = static_cast<uint32_t>(size[0] * size[1] * size[2]);
  spans_.resize(launch.kernel.objects.size());
  for (size_t i = 0; i < spans_.size(); ++i) {
    const Object& object = launch.kernel.objects[i];
    if (object.kind != ObjectKind::kParameter && object.kind != ObjectKind::kLocalPointer) continue;
    spans_[i] = launch.parameters[object.parameter];
  }
}

std::string Checker::run(const std::function<RangeStatus()>& launch) {
  the_checker = this;
  RangeStatus status = RangeStatus::kDone;
  // What is jumped over is compiled kernels and the functions they call here: nothing with a destructor.
  if (setjmp(escape_) == 0) status = launch();
  the_checker = nullptr;
  if (status == RangeStatus::kBarrierDivergence) report_divergence();
  return faults_.empty() ? std::string() : faults_.report(launch_.kernel, launch_.record);
}

void Checker::begin_item(const uint64_t (&group)[3], const uint64_t (&local)[3]) {
  const LaunchRecord& record = launch_.record;
  auto linear = [](const uint64_t (&id)[3], const uint64_t (&size)[3]) {
    return static_cast<uint32_t>((id[2] * size[1] + id[1]) * size[0] + id[0]);
  };
  const uint32_t number = linear(group, record.group_count);
  local_ = linear(local, record.group_size);
  if (number == group_) {
    Item& item = items_[local_];
    item.waits_at = 0;
    if (item.acquires) item_syncs_[local_].last_acquire = ++clock_;
    item.acquires = false;
    return;
  }
  group_ = number;
  items_.assign(group_items_, {});
  item_syncs_.clear();
  local_memory_.clear();
  initialised_.assign(launch_.local.end - launch_.local.begin, false);
}

void Checker::wait(spirv::ItemSet set, uint32_t memory, uint32_t number, uint32_t line) {
  Item& item = items_[local_];
  item.waits_at = number;
  item.waiting_line = line;
  // Not all items pass it, so it counts for none as a barrier: those that meet hand on what they did.
  if (set == spirv::ItemSet::kComing) {
    item_syncs_[local_].releases.push_back(++clock_);
    item.acquires = true;
    return;
  }
  const bool sub_group = set == spirv::ItemSet::kSubGroup;
  ++(sub_group ? item.passed.sub_group : item.passed.group);
  // A fence and a barrier of whatever memory are together a barrier of what the fence was for, which is believed to be
  // all memory.
  if (item.fenced_since_barrier) memory = spirv::kAllMemory;
  item.fenced_since_barrier = false;
  const bool narrow = !sub_group && (memory & spirv::kInSubGroups);
  if (narrow) {
    ++item.passed.sub_group;
    item.narrow = item.passed.group;
  }
  uint32_t Passed::* count = sub_group || narrow ? &Passed::sub_group : &Passed::group;
  if (memory & spirv::kLocalMemory) item.ordered_local.*count = item.passed.*count;
  if (memory & spirv::kGlobalMemory) item.ordered_global.*count = item.passed.*count;
}

void Checker::span_array(uint32_t object, MemoryRange range) {
  if (object) spans_[object] = range;
}

std::optional<MemoryRange> Checker::range_of(uint32_t number, uintptr_t base) const {
  const Object& object = launch_.kernel.objects[number];
  switch (object.kind) {
    case ObjectKind::kUnknown:
      return std::nullopt;
    case ObjectKind::kParameter:
    case ObjectKind::kLocalPointer:
      return spans_[number];
    case ObjectKind::kLocal:
    case ObjectKind::kPrivate:
    case ObjectKind::kGlobal:
      return MemoryRange{base, base + object.bytes};
  }
  METATE_UNREACHABLE();
}

/// For an address that is of no certain object: whether it may lie in memory that the kernel has.
bool Checker::is_anywhere(uintptr_t address, size_t bytes) const {
  // Private memory is on the stack of the thread, whose limit is 8 MB.
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (address - here < (uintptr_t{8} << 20)) return true;
  if (launch_.local.holds(address, bytes) || launch_.items.holds(address, bytes)) return true;
  for (size_t i = 0; i < spans_.size(); ++i) {
    if (spans_[i] ? spans_[i]->holds(address, bytes) : launch_.kernel.objects[i].kind == ObjectKind::kParameter)
      return true;
  }
  const std::optional<MemoryRange> allocation = launch_.allocation(address);
  return allocation && allocation->holds(address, bytes);
}

bool Checker::access(uintptr_t address, size_t bytes, uintptr_t base, uint32_t object, uint32_t line, uint32_t kind) {
  if (kind & kAtomic) synchronise(kind);
  const Object& accessed = launch_.kernel.objects[object];
  const std::optional<MemoryRange> range = range_of(object, base);
  Fault fault{.item = group_ * group_items_ + local_,
              .line = line,
              .writes = (kind & kWrite) != 0,
              .atomic = (kind & kAtomic) != 0,
              .object = object,
              .offset = range ? static_cast<int64_t>(address - range->begin) : 0,
              .has_extent = range.has_value(),
              .extent = range ? range->end - range->begin : 0,
              .bytes = bytes,
              .local_memory = launch_.local.holds(address, bytes)};
  if (range ? !range->holds(address, bytes) : !is_anywhere(address, bytes)) {
    add(fault);
    return false;
  }
  if (accessed.kind == ObjectKind::kPrivate || accessed.constant) return true;
  const bool local = fault.local_memory;
  if (local) look_for_uninitialised(address, bytes, (kind & kRead) != 0, fault.writes, fault);

  const Item& item = items_[local_];
  const Step now{.item = fault.item,
                 .passed = item.passed,
                 .time = clock_,
                 .line = static_cast<uint16_t>(std::min<uint32_t>(line, UINT16_MAX)),
                 .atomic = fault.atomic,
                 .there = 1};
  (local ? local_memory_ : global_).visit(address, bytes, [&](Place& place) {
    watch(place, now, fault.writes, fault);
  });
  return true;
}

void Checker::look_for_uninitialised(uintptr_t address, size_t bytes, bool reads, bool writes, const Fault& access) {
  const size_t first = address - launch_.local.begin;
  bool whole = true;
  for (size_t i = first; i < first + bytes; ++i) {
    whole = whole && initialised_[i];
    if (writes) initialised_[i] = true;
  }
  if (whole || !reads) return;
  Fault fault = access;
  fault.kind = Fault::Kind::kUninitialised;
  add(fault);
}

// Races.

void Checker::synchronise(uint32_t kind) {
  Item& item = items_[local_];
  item.was_atomic = true;
  if (kind & kAcquire) group_syncs_[group_].last_acquire = item_syncs_[local_].last_acquire = ++clock_;
  if ((kind & kRelease) || item.fenced) {
    ++clock_;
    group_syncs_[group_].releases.push_back(clock_);
    item_syncs_[local_].releases.push_back(clock_);
  }
}

/// With one before atomic operations that follow, or behind those that were, fences do the same as their orders.
void Checker::fence(uint32_t kind) {
  Item& item = items_[local_];
  item.fenced_since_barrier = true;
  if (kind & kRelease) item.fenced = true;
  if ((kind & kAcquire) && item.was_atomic)
    group_syncs_[group_].last_acquire = item_syncs_[local_].last_acquire = ++clock_;
}

/// Whether the item that runs has passed a barrier since, one of `now`, that the other one was at as well.
bool Checker::is_barrier_between(const Step& before, const Passed& now) const {
  if (before.item / group_items_ != group_) return false;
  const uint32_t size = launch_.sub_group_size;
  const bool same_sub_group = before.item % group_items_ / size == local_ / size;
  return before.passed.group < now.group || (same_sub_group && before.passed.sub_group < now.sub_group);
}

/// Whether something makes sure that the one is done before the other begins. It is believed of any atomic operations
/// in between, which may be of something else: better a fault too few than one that is none.
bool Checker::are_ordered(const Step& before, const Step& now, bool local_memory) const {
  if (before.item == now.item || (before.atomic && now.atomic)) return true;
  const Item& item = items_[local_];
  if (is_barrier_between(before, local_memory ? item.ordered_local : item.ordered_global)) return true;
  const uint32_t group = before.item / group_items_, local = before.item % group_items_;
  const bool same_group = group == group_;
  const auto& syncs = same_group ? item_syncs_ : group_syncs_;
  auto from = syncs.find(same_group ? local : group), to = syncs.find(same_group ? local_ : group_);
  if (from == syncs.end() || to == syncs.end()) return false;
  const std::vector<uint32_t>& releases = from->second.releases;
  auto release = std::upper_bound(releases.begin(), releases.end(), before.time);
  return release != releases.end() && *release < to->second.last_acquire;
}

void Checker::watch(Place& place, const Step& now, bool writes, const Fault& access) {
  if (place.write.there && !are_ordered(place.write, now, access.local_memory)) race(place.write, true, access);
  if (!writes) {
    Step& kept = !place.read.there || are_ordered(place.read, now, access.local_memory) ? place.read : place.other_read;
    kept = now;
    return;
  }
  for (const Step* read : {&place.read, &place.other_read})
    if (read->there && !are_ordered(*read, now, access.local_memory)) race(*read, false, access);
  place = {now, {}, {}};
}

void Checker::race(const Step& before, bool wrote, Fault fault) {
  fault.kind = Fault::Kind::kRace;
  fault.other_item = before.item;
  fault.other_line = before.line;
  fault.other_writes = wrote;
  fault.other_atomic = before.atomic;
  fault.barrier_between = is_barrier_between(before, items_[local_].passed);
  fault.narrow_barrier = fault.barrier_between && before.passed.group < items_[local_].narrow;
  add(fault);
}

/// Of the group that ran last: two items that do not wait at the same place.
void Checker::report_divergence() {
  if (items_.empty()) return;
  const Item& first = items_[0];
  auto other = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
    return item.waits_at != first.waits_at || item.passed != first.passed;
  });
  if (other == items_.end()) --other;
  add({.kind = Fault::Kind::kDivergence,
       .item = group_ * group_items_,
       .line = first.waiting_line,
       .other_item = group_ * group_items_ + static_cast<uint32_t>(other - items_.begin()),
       .other_line = other->waiting_line,
       .waits = first.waits_at != 0,
       .other_waits = other->waits_at != 0});
}

void Checker::add(Fault fault) {
  faults_.add(fault);
  if (++occurrences_ > kMaxOccurrences) std::longjmp(escape_, 1);
}

}  // namespace metate::ze_software::check

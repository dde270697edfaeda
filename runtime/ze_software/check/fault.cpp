#include "runtime/ze_software/check/fault.h"

#include <algorithm>
#include <array>

namespace metate::ze_software::check {
namespace {

constexpr size_t kMaxKept = 8;

bool same_place(const Fault& a, const Fault& b) {
  return a.kind == b.kind && a.object == b.object && a.line == b.line && a.writes == b.writes &&
         a.other_line == b.other_line && a.other_writes == b.other_writes;
}

/// The words of a report.
class Writer {
 public:
  Writer(const KernelCheck& kernel, const LaunchRecord& launch) : kernel_(kernel), launch_(launch) {
    const uint64_t* size = launch.group_size;
    group_items_ = static_cast<uint32_t>(size[0] * size[1] * size[2]);
  }

  std::string describe(const Fault& fault) {
    switch (fault.kind) {
      case Fault::Kind::kOutOfBounds:
        return out_of_bounds(fault);
      case Fault::Kind::kUninitialised:
        return "uninitialised local memory: work-item " + item(fault.item) + " reads " + place(fault) + at(fault.line) +
               ", which no work-item of its group has written";
      case Fault::Kind::kRace:
        return race(fault);
      case Fault::Kind::kDivergence:
        return divergence(fault);
    }
    return {};
  }

  /// The file that lines are of unless another one is named.
  std::string main_file;

 private:
  std::string out_of_bounds(const Fault& fault) {
    std::string text = "out of bounds: work-item " + item(fault.item) + (fault.writes ? " writes " : " reads ");
    text += place(fault) + at(fault.line);
    if (!fault.has_extent) return text + ": no memory of the kernel is there";
    const uint64_t element = element_bytes(fault);
    return text + ": it has " + counted(fault.extent / element, "element") + " (" + counted(fault.extent, "byte") + ")";
  }

  std::string race(const Fault& fault) {
    const bool same_group = fault.item / group_items_ == fault.other_item / group_items_;
    std::string text = "data race on " + place(fault) + ": work-item " + item(fault.other_item) +
                       did(fault.other_writes, fault.other_atomic) + at(fault.other_line) + " and work-item " +
                       item(fault.item) + did(fault.writes, fault.atomic) + at(fault.line) +
                       ", and nothing says which comes first; ";
    if (same_group && fault.narrow_barrier)
      return text +
             "they are in one work-group, but the barrier between the two orders memory for each sub-group "
             "alone: one of work-group scope would for both";
    if (same_group && fault.barrier_between)
      return text + "they are in one work-group, but the barrier between the two does not order " +
             (fault.local_memory ? "local memory, as one with LOCAL" : "global memory, as one with GLOBAL") +
             "_MEM_FENCE would";
    if (same_group) return text + "they are in one work-group: a barrier between the two would";
    return text +
           "they are in different work-groups, which no barrier puts in order: use atomic operations, give each "
           "an element of its own, or make two launches of it";
  }

  std::string divergence(const Fault& fault) {
    return "barrier divergence: work-item " + item(fault.item) + waits(fault.waits, fault.line) + ", and work-item " +
           item(fault.other_item) + " of the same work-group" + waits(fault.other_waits, fault.other_line) +
           ": all items of a group must come to the same barrier";
  }

  std::string waits(bool waits, uint32_t line) { return waits ? " waits at the barrier" + at(line) : " has ended"; }

  static std::string did(bool writes, bool atomic) {
    return std::string(writes ? " writes it" : " reads it") + (atomic ? " atomically" : "");
  }

  static std::string counted(uint64_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
  }

  std::string at(uint32_t line) {
    const spirv::CheckNotes::Line& found = kernel_.lines[line < kernel_.lines.size() ? line : 0];
    if (!found.line) return {};
    return " in " + (found.file == main_file ? "" : found.file + ", ") + "line " + std::to_string(found.line);
  }

  uint64_t element_bytes(const Fault& fault) const {
    const uint32_t known = kernel_.objects[fault.object].element_bytes;
    return std::max<uint64_t>(known ? known : fault.bytes, 1);
  }

  std::string place(const Fault& fault) {
    const auto bytes = static_cast<int64_t>(element_bytes(fault));
    if (!fault.has_extent) return object(fault.object);
    // Before the begin, elements are counted from there.
    const int64_t element = fault.offset >= 0 ? fault.offset / bytes : -((-fault.offset + bytes - 1) / bytes);
    return "element " + std::to_string(element) + " of " + object(fault.object);
  }

  std::string declared_at(uint32_t line) {
    const std::string text = at(line);
    return text.empty() ? text : "," + text.substr(std::string(" in").size());
  }

  std::string object(uint32_t number) {
    const Object& object = kernel_.objects[number];
    const std::string quoted = object.name.empty() ? "" : " '" + object.name + "'";
    const std::string declared = declared_at(object.line);
    switch (object.kind) {
      case ObjectKind::kUnknown:
        return "memory at an address that it has computed";
      case ObjectKind::kParameter:
        return quoted.empty() ? "argument " + std::to_string(object.parameter) : "array" + quoted;
      case ObjectKind::kLocalPointer:
        return quoted.empty() ? "local argument " + std::to_string(object.parameter) : "local array" + quoted;
      case ObjectKind::kLocal:
        return "local array" + quoted + declared;
      case ObjectKind::kPrivate:
        return "private array" + quoted + declared;
      case ObjectKind::kGlobal:
        return (object.element_bytes ? "array" : "variable") + quoted;
    }
    return {};
  }

  /// The global id: a number, or a tuple as the program counts dimensions.
  std::string item(uint32_t number) {
    auto split = [](uint64_t linear, const uint64_t (&size)[3]) {
      return std::array{linear % size[0], linear / size[0] % size[1], linear / size[0] / size[1]};
    };
    const std::array group = split(number / group_items_, launch_.group_count);
    const std::array local = split(number % group_items_, launch_.group_size);
    const auto dimensions = static_cast<uint32_t>(
        kernel_.python_dimensions ? kernel_.python_dimensions : std::max<uint64_t>(launch_.work_dimensions, 1));
    std::string text;
    for (uint32_t i = 0; i < dimensions; ++i) {
      const uint32_t d = kernel_.python_dimensions ? dimensions - 1 - i : i;
      text += (i ? ", " : "") + std::to_string(group[d] * launch_.group_size[d] + local[d] + launch_.global_offset[d]);
    }
    return dimensions > 1 ? "(" + text + ")" : text;
  }

  const KernelCheck& kernel_;
  const LaunchRecord& launch_;
  uint32_t group_items_;
};

}  // namespace

void Faults::add(const Fault& fault) {
  if (std::any_of(kept_.begin(), kept_.end(), [&](const Fault& known) { return same_place(known, fault); })) return;
  if (kept_.size() < kMaxKept)
    kept_.push_back(fault);
  else
    ++left_out_;
}

std::string Faults::report(const KernelCheck& kernel, const LaunchRecord& launch) const {
  Writer writer(kernel, launch);
  for (const Fault& fault : kept_)
    if (writer.main_file.empty() && fault.line < kernel.lines.size()) writer.main_file = kernel.lines[fault.line].file;
  std::string text = "kernel '" + kernel.name + "'";
  if (!writer.main_file.empty()) text += " of " + writer.main_file;
  if (kept_.size() == 1) return text + ": " + writer.describe(kept_[0]);
  text += " has " + std::to_string(kept_.size()) + " faults:";
  for (size_t i = 0; i < kept_.size(); ++i) text += "\n  " + std::to_string(i + 1) + ". " + writer.describe(kept_[i]);
  if (left_out_) text += "\n  and more";
  return text;
}

}  // namespace metate::ze_software::check

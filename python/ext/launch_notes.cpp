#include "python/ext/launch_notes.h"

#include <set>
#include <utility>

#include "python/ext/interpreter.h"
#include "runtime/abi/kernel_conventions.h"

namespace metate::ext {
namespace {

/// "kernel.py:12"; empty where nobody knows.
std::string text_of(const ir::SourcePlace& place, const support::SymbolTable& symbols) {
  if (!place.file || !place.range.known()) return {};
  std::string_view file = symbols.name(place.file);
  return std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(place.range.line);
}

}  // namespace

LaunchNotes notes_of(std::string kernel, const driver::GroupUse& use, Interpreter& interpreter) {
  LaunchNotes notes{.kernel = std::move(kernel), .local_bytes = use.local_bytes, .largest_array = {}, .meetings = {}};
  ReleaseGil released;
  auto guard = interpreter.session().lock();
  const support::SymbolTable& symbols = interpreter.session().universe().symbols;
  notes.largest_array = text_of(use.largest_array, symbols);
  std::set<std::string> seen;
  for (const ir::SourcePlace& place : use.meetings) {
    std::string text = text_of(place, symbols);
    if (!text.empty() && seen.insert(text).second) notes.meetings += (notes.meetings.empty() ? "" : ", ") + text;
  }
  return notes;
}

base::Error explained(base::Error error, const LaunchNotes& notes, size_t accessor_bytes,
                      const level_zero::Device& device) {
  const std::string kernel = "kernel " + notes.kernel;
  if (error.message.find(abi::kDivergentBarrier) != std::string::npos) {
    return {base::ErrorCode::kDevice,
            kernel + ": " + abi::kDivergentBarrier +
                (notes.meetings.empty() ? "" : " (they wait at " + notes.meetings + ")") +
                "; all items of a group have to come to the same barriers. METATE_KERNEL_CHECK=1 names the items"};
  }
  const size_t bytes = notes.local_bytes + accessor_bytes, most = device.properties().max_local_bytes;
  if (bytes <= most) return error;
  std::string reason = kernel + " needs " + std::to_string(bytes) + " bytes of local memory for a work-group";
  if (!notes.largest_array.empty()) reason += ", most of them for the array at " + notes.largest_array;
  return {base::ErrorCode::kInvalidArgument, reason + ", and '" + device.name() + "' has " + std::to_string(most)};
}

}  // namespace metate::ext

#include "python/ext/launch_notes.h"

#include <set>
#include <utility>

#include "python/ext/interpreter.h"
#include "runtime/abi/kernel_conventions.h"
#include "runtime/base/assert.h"
#include "runtime/level_zero/spirv_needs.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// "kernel.py:12"; empty where nobody knows.
std::string text_of(const ir::SourcePlace& place, const support::SymbolTable& symbols) {
  if (!place.file || !place.range.known()) return {};
  std::string_view file = symbols.name(place.file);
  return std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(place.range.line);
}

/// "by its parameter 'x'", after any other word; empty where it is not one.
std::string parameter_text(std::string_view word, const driver::NumberOrigin& origin, const nb::object& names) {
  if (!origin.parameter || *origin.parameter >= nb::len(names)) return {};
  return std::string(word) + " its parameter '" + nb::cast<std::string>(names[*origin.parameter]) + "'";
}

void add_place(std::string& text, const ir::SourcePlace& place, const support::SymbolTable& symbols) {
  if (std::string line = text_of(place, symbols); text.empty() && !line.empty()) text = "by the value at " + line;
}

/// What to say of numbers that the device cannot compute with, or not as an atomic operation; empty of another feature.
std::string origin_of(level_zero::MissingFeature::Kind feature, const LaunchNotes& notes) {
  using Kind = level_zero::MissingFeature::Kind;
  switch (feature) {
    case Kind::kFloat64:
      return notes.float64.empty() ? "" : "float64 comes in " + notes.float64;
    case Kind::kFloat16:
      return notes.float16.empty() ? "" : "float16 comes in " + notes.float16;
    case Kind::kInt64Atomics:
      return notes.wide_atomics.empty() ? "" : "the first is " + notes.wide_atomics;
    case Kind::kVersion:
      return {};
  }
  METATE_UNREACHABLE();
}

}  // namespace

LaunchNotes notes_of(nb::handle function, const driver::DeviceUse& use, Interpreter& interpreter) {
  LaunchNotes notes;
  notes.kernel = nb::cast<std::string>(function.attr("__qualname__"));
  notes.local_bytes = use.local_bytes;
  const nb::object names = function.attr("__code__").attr("co_varnames");
  notes.float64 = parameter_text("by", use.float64, names);
  notes.float16 = parameter_text("by", use.float16, names);
  const std::string changed = parameter_text(", on", use.wide_atomics, names);
  ReleaseGil released;
  auto guard = interpreter.session().lock();
  const support::SymbolTable& symbols = interpreter.session().universe().symbols;
  notes.largest_array = text_of(use.largest_array, symbols);
  add_place(notes.float64, use.float64.place, symbols);
  add_place(notes.float16, use.float16.place, symbols);
  if (std::string line = text_of(use.wide_atomics.place, symbols); !line.empty())
    notes.wide_atomics = "at " + line + changed;
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

base::Error explained_build(base::Error error, const LaunchNotes& notes, std::span<const uint32_t> words,
                            const level_zero::Device& device) {
  if (const auto missing = level_zero::missing_feature(words, device.properties()))
    if (std::string origin = origin_of(missing->kind, notes); !origin.empty())
      return {error.code, "kernel " + notes.kernel + ": " + error.message + "; " + origin};
  return explained(std::move(error), notes, 0, device);
}

}  // namespace metate::ext

// nest_reports – where the parallel nests of compiled functions run, for `parallel_diagnostics`.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "compiler/driver/artifact.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// One compiled version of a function, and for those in calls that belong to a device, how often each kernel was
/// launched on which device.
struct NestsOfVersion {
  const driver::Artifact* artifact;
  const std::vector<std::map<std::string, size_t>>* launches;
};

/// A list of (argument types as IR text, whether for a device, nests); a nest is (file, line, is it an expression, why
/// it is not fused or "", {device: launches} or None on threads, obstacle or "", its line). A new reference, or null
/// with an exception set.
PyObject* describe_nests(std::span<const NestsOfVersion> versions, Interpreter& interpreter);

}  // namespace metate::ext

// artifact_bytes – an artifact as bytes that other processes can run, and back.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/driver/artifact.h"
#include "compiler/driver/value_bytes.h"

namespace metate::driver {

/// Nothing where the artifact refers to something that is neither content nor in `references`: it cannot be kept.
std::optional<std::vector<std::byte>> write_artifact(const Artifact& artifact, const References& references,
                                                     const ir::Universe& universe);

/// The artifact, in terms of this process. Nothing for bytes that write_artifact did not write; anything may be given.
std::optional<Artifact> read_artifact(std::span<const std::byte> bytes, const References& references,
                                      ir::Universe& universe);

/// The same for kernels.
std::optional<std::vector<std::byte>> write_kernel(const CompiledKernel& kernel, const References& references,
                                                   const ir::Universe& universe);
std::optional<CompiledKernel> read_kernel(std::span<const std::byte> bytes, const References& references,
                                          ir::Universe& universe);

}  // namespace metate::driver

// entry – what one file of the cache is: key and content under a checksum. Anything else reads as nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace metate::cache {

using Bytes = std::vector<std::byte>;

/// The file's bytes: a mark with the version of this format, a checksum of all that follows it, both sizes, both parts.
Bytes seal(std::span<const std::byte> key, std::span<const std::byte> content);

/// The content, if the file is whole and is of that very key: entries are named by a hash of it, which proves nothing.
std::optional<Bytes> unseal(std::span<const std::byte> file, std::span<const std::byte> key);

/// Whether the file is whole, whatever its key.
bool is_whole(std::span<const std::byte> file);

}  // namespace metate::cache

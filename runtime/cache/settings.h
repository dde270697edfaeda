// settings – what the environment says of the cache: whether there is one, where, and how large it may grow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/api.h"
#include "runtime/base/result.h"

namespace metate::cache {

/// Unless METATE_CACHE=0.
METATE_API bool is_wanted();

/// METATE_CACHE_DIR, or else `metate` in XDG_CACHE_HOME or ~/.cache; empty where there is none of them.
METATE_API std::string default_directory();

/// METATE_CACHE_SIZE, or else 1 GiB. An Error where that is no size.
METATE_API base::Result<uint64_t> size_limit();

/// Bytes: digits with an optional K, M, G or T behind them, of 1024 each. An Error for other texts.
METATE_API base::Result<uint64_t> parse_size(std::string_view text);

}  // namespace metate::cache

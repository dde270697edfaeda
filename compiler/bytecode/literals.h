// literals.h – strings as Python writes them: everything but printable ASCII is escaped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace metate::bytecode {

/// "…" of a UTF-8 string. Bytes that are no UTF-8 become U+FFFD; encoded surrogates are kept.
std::string quote(std::string_view text);

/// b"…"
std::string quote_bytes(std::string_view bytes);

/// The inside of what `quote` writes, back to UTF-8. Nothing if an escape is malformed.
std::optional<std::string> unescape(std::string_view inside);

/// The inside of what `quote_bytes` writes.
std::optional<std::string> unescape_bytes(std::string_view inside);

}  // namespace metate::bytecode

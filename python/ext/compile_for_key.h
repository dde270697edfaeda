// compile_for_key – a compile as the extension asks for it: locks in their order, every failure a Python exception.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "python/ext/arguments.h"
#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/patience.h"

namespace metate::ext {

/// What ask(session, types of the key) gives, with the session's lock held and the GIL given away. Nothing with a
/// Python exception set. The caller holds the GIL.
template <class Ask>
auto ask_for_key(Interpreter& interpreter, std::span<const uint64_t> key, const Ask& ask)
    -> std::optional<std::invoke_result_t<const Ask&, driver::Session&, std::vector<types::TypeId>>> {
  ReleaseGil released;
  auto guard = interpreter.session().lock();
  std::optional<std::vector<types::TypeId>> types;
  {
    HoldGil gil;
    types = types_of_key(key, interpreter);
  }
  if (!types) return std::nullopt;
  return ask(interpreter.session(), std::move(*types));
}

/// The same for compiles: what compile(session, types, disk) gives in the end, an Outcome's code. Null with a Python
/// exception set. `cached`: whether the cache on disk is asked.
template <class Code, class Compile>
std::shared_ptr<const Code> compile_for_key(Interpreter& interpreter, std::span<const uint64_t> key, bool cached,
                                            const Compile& compile) {
  for (Patience patience(cached);;) {
    std::string warning;
    std::optional<driver::Outcome<Code>> outcome =
        ask_for_key(interpreter, key, [&](driver::Session& session, std::vector<types::TypeId> types) {
          driver::Outcome<Code> made = compile(session, std::move(types), patience.disk());
          if (driver::ArtifactCache* cache = session.cache()) warning = cache->take_warning();
          return made;
        });
    if (!outcome || !warn_of_cache(warning)) return nullptr;
    if (outcome->is_busy) {
      if (!patience.pause()) return nullptr;
      continue;
    }
    if (outcome->error) {
      set_error(*outcome->error);
      return nullptr;
    }
    return report(outcome->diagnostics) ? std::move(outcome->code) : nullptr;
  }
}

}  // namespace metate::ext

// compile_for_key – a compile as the extension asks for it: locks in their order, every failure a Python exception.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "python/ext/arguments.h"
#include "python/ext/errors.h"
#include "python/ext/interpreter.h"

namespace metate::ext {

/// Calls compile(session, types of the key), which gives an Outcome of compiled code, with the session's lock held and
/// the GIL given away. Null with a Python exception set. The caller holds the GIL.
template <class Code, class Compile>
std::shared_ptr<const Code> compile_for_key(Interpreter& interpreter, std::span<const uint64_t> key,
                                            const Compile& compile) {
  driver::Outcome<Code> outcome;
  bool types_known = false;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    std::optional<std::vector<types::TypeId>> types;
    {
      HoldGil gil;
      types = types_of_key(key, interpreter);
    }
    types_known = types.has_value();
    if (types_known) outcome = compile(interpreter.session(), std::move(*types));
  }
  if (!types_known) return nullptr;
  if (outcome.error) {
    set_error(*outcome.error);
    return nullptr;
  }
  return report(outcome.diagnostics) ? std::move(outcome.code) : nullptr;
}

}  // namespace metate::ext

// overload – compiled code for one list of argument types, and the call of it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/arguments.h"
#include "python/ext/result_reader.h"

namespace metate::ext {

class Overload {
 public:
  /// Compiles `callee` for the argument types in `buffer`. Null with a Python exception set.
  static std::unique_ptr<Overload> make(Interpreter& interpreter, types::ConstantId callee,
                                        const ArgumentBuffer& buffer, bool nogil);

  bool matches(const ArgumentBuffer& buffer) const {
    return static_cast<size_t>(buffer.key_size) == key_.size() && std::equal(key_.begin(), key_.end(), buffer.key);
  }

  /// A new reference, or null with a Python exception set.
  PyObject* call(const ArgumentBuffer& buffer, std::span<PyObject* const> arguments) const;

  std::span<const types::TypeId> argument_types() const { return function_->artifact.arguments; }

 private:
  Interpreter* interpreter_ = nullptr;
  std::shared_ptr<const driver::CompiledFunction> function_;
  ResultReader result_;
  std::vector<uint64_t> key_;
  bool release_gil_ = false;
};

}  // namespace metate::ext

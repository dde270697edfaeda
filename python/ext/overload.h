// overload – compiled code for one list of argument types, and the call of it.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/arguments.h"
#include "python/ext/call_host.h"
#include "python/ext/result_reader.h"
#include "runtime/cpu/memory.h"

namespace metate::ext {

class Overload {
 public:
  /// Compiles `callee` for the argument types of a key, or, if `cached`, finds it on disk. Null with a Python exception
  /// set.
  static std::unique_ptr<Overload> make(Interpreter& interpreter, types::ConstantId callee,
                                        std::span<const uint64_t> key, bool nogil, bool cached);

  bool matches(std::span<const uint64_t> key) const {
    // A loop: keys are a few words, less than a call of memcmp costs.
    if (key.size() != key_.size()) return false;
    for (size_t i = 0; i < key.size(); ++i)
      if (key[i] != key_[i]) return false;
    return true;
  }
  /// Whether arguments of other types can be passed as they are (`accepts_word`).
  bool accepts(std::span<const uint64_t> key) const { return std::ranges::equal(key, key_, accepts_word); }

  /// A new reference, or null with a Python exception set.
  PyObject* call(const ArgumentBuffer& buffer, std::span<PyObject* const> arguments) const;

  const driver::Artifact& artifact() const { return function_->artifact; }
  bool is_from_disk() const { return function_->is_from_disk; }
  /// What the first call allocated, arrays that it gave back included; none before it has ended. Calls on other threads
  /// meanwhile count, too.
  std::optional<cpu::Allocations> first_call() const;
  std::span<const types::TypeId> argument_types() const { return function_->artifact.arguments; }

 private:
  int32_t run_without_gil(abi::Context& context, int64_t* results, const int64_t* slots) const;
  int32_t run_first(abi::Context& context, int64_t* results, const int64_t* slots) const;

  /// For a report that somebody may ask for; what does not give the GIL away allocates nothing.
  struct FirstCall {
    std::atomic<bool> has_begun = false, has_ended = false;
    cpu::Allocations made;  // before has_ended
  };

  std::vector<uint64_t> key_;
  driver::CompiledFunction::Entry entry_ = nullptr;
  bool release_gil_ = false;
  CallHost host_;
  ResultReader result_;
  std::shared_ptr<const driver::CompiledFunction> function_;
  mutable FirstCall first_call_;
};

}  // namespace metate::ext

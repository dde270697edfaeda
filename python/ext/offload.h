// offload – compiled functions in calls that belong to a device: their parallel nests are its kernels.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/call_host.h"
#include "python/ext/device_modules.h"
#include "python/ext/kernel_arguments.h"
#include "python/ext/queue_ref.h"
#include "python/ext/result_reader.h"

namespace metate::ext {

/// One function for one list of argument types. The GIL is its lock.
class OffloadedFunction {
 public:
  /// `checked`: the software driver watches its nests while they run.
  OffloadedFunction(Interpreter& interpreter, types::ConstantId callee, std::span<const uint64_t> key, bool checked,
                    bool cached);

  bool matches(std::span<const uint64_t> key, bool checked) const {
    return checked == checked_ && std::ranges::equal(key, key_);
  }
  const driver::Artifact& artifact() const { return function_->artifact; }

  /// Runs it: sequential code here, nests on the device of `queue`. `objects` are what `arguments` was read from.
  nanobind::object call(KernelArguments& arguments, const QueueRef& queue, nanobind::tuple objects);

  /// How often each kernel of the artifact was launched, by the name of the device.
  using Launches = std::map<std::string, size_t>;
  const std::vector<Launches>& launches() const { return launches_; }

 private:
  friend struct DeviceCall;
  void refuse_host_accesses(const KernelArguments& arguments) const;

  Interpreter& interpreter_;
  std::vector<uint64_t> key_;
  bool checked_;
  std::shared_ptr<const driver::CompiledFunction> function_;
  ResultReader result_;
  DeviceModules modules_;
  std::vector<Launches> launches_;
};

/// All of one dispatcher, in the order in which they were compiled.
using OffloadedFunctions = std::vector<std::shared_ptr<OffloadedFunction>>;

/// Whether one of the arguments, or an array in a tuple of them, lies in device memory.
bool any_on_device(std::span<PyObject* const> arguments);

/// Calls `callee`, compiled from the Python function `function`, on the queue of the arguments in device memory, or of
/// `context`, a Queue or None. Null with a Python exception set. `may_compile`: for types that it has no code for yet;
/// if `cached`, what is on disk will do.
PyObject* call_on_device(Interpreter& interpreter, types::ConstantId callee, PyObject* function,
                         OffloadedFunctions& compiled, std::span<PyObject* const> arguments, PyObject* context,
                         bool may_compile, bool cached);

}  // namespace metate::ext

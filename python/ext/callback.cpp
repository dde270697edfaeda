#include "python/ext/callback.h"

#include <memory>
#include <optional>
#include <vector>

#include "python/ext/arguments.h"
#include "python/ext/call_host.h"
#include "python/ext/errors.h"
#include "python/ext/interpreter.h"

namespace metate::ext {
namespace {

struct Callback {
  abi::Context model;  // the code copies its contexts from here
  CallHost host;
  std::shared_ptr<const driver::CompiledFunction> function;
};

}  // namespace

PyObject* make_callback(Interpreter& interpreter, types::ConstantId callee, std::span<const uint64_t> key) {
  auto callback = std::make_unique<Callback>();
  driver::Outcome<driver::CompiledFunction> outcome;
  bool types_known = false;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    std::optional<std::vector<types::TypeId>> arguments;
    {
      HoldGil gil;
      arguments = types_of_key(key, interpreter);
    }
    types_known = arguments.has_value();
    if (types_known) outcome = interpreter.session().compile_callback(callee, *arguments, &callback->model);
  }
  if (!types_known) return nullptr;
  if (outcome.error) {
    set_error(*outcome.error);
    return nullptr;
  }
  if (!report(outcome.diagnostics)) return nullptr;
  callback->function = std::move(outcome.code);
  callback->host = CallHost::of(callback->function->artifact, interpreter);
  begin_call(callback->model, callback->host);
  // C may call on any thread, whose stack and signals are not those of this one.
  callback->model.stack_limit = nullptr;
  callback->model.interrupt = &kNeverInterrupted;
  const Callback* kept = callback.release();
  return Py_BuildValue("(Ks)", reinterpret_cast<unsigned long long>(kept->function->c_function),
                       kept->function->artifact.entry.c_str());
}

}  // namespace metate::ext

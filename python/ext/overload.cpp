#include "python/ext/overload.h"

#include <optional>
#include <vector>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/interrupts.h"
#include "runtime/abi/context.h"

namespace metate::ext {

std::unique_ptr<Overload> Overload::make(Interpreter& interpreter, types::ConstantId callee,
                                         std::span<const uint64_t> key, bool nogil) {
  auto overload = std::make_unique<Overload>();
  overload->key_.assign(key.begin(), key.end());
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
    if (types_known) outcome = interpreter.session().compile(callee, *arguments);
    if (outcome.code) {
      HoldGil gil;
      overload->result_ = ResultReader::make(outcome.code->artifact.result, interpreter);
    }
  }
  if (!types_known) return nullptr;
  if (outcome.error) {
    set_error(*outcome.error);
    return nullptr;
  }
  if (!report(outcome.diagnostics)) return nullptr;
  overload->function_ = std::move(outcome.code);
  overload->host_ = CallHost::of(overload->function_->artifact, interpreter);
  watch_interrupts();
  overload->release_gil_ = nogil || overload->function_->artifact.may_take_long;
  return overload;
}

PyObject* Overload::call(const ArgumentBuffer& buffer, std::span<PyObject* const> arguments) const {
  abi::Context context;
  begin_call(context, host_);
  int64_t results[kMaxSlots];
  int32_t status;
  if (release_gil_) {
    ReleaseGil released;
    status = function_->entry(&context, results, buffer.slots);
  } else {
    status = function_->entry(&context, results, buffer.slots);
  }
  if (status == abi::kOk) return result_.read(results, arguments);
  raise_recorded(context.error, function_->artifact, *host_.interpreter);
  return nullptr;
}

}  // namespace metate::ext

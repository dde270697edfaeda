#include "python/ext/overload.h"

#include <optional>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "runtime/abi/context.h"

namespace metate::ext {
namespace {

/// What print needs to find its message: the context points at `calls`, which is its first member.
struct CallHost {
  abi::HostCalls calls;
  const driver::Artifact* artifact;
  Interpreter* interpreter;
};

int32_t print(abi::Context* context, int32_t site, const int64_t* values) {
  HoldGil gil;
  auto* host = reinterpret_cast<const CallHost*>(context->host);
  Ref text = message_text(site, values, *host->artifact, *host->interpreter);
  PyObject* out = PySys_GetObject("stdout");
  if (text && out && out != Py_None && PyFile_WriteObject(text.get(), out, Py_PRINT_RAW) == 0) return abi::kOk;
  if (text && (!out || out == Py_None)) return abi::kOk;  // print() without a sys.stdout does nothing either
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

constexpr int kRecursionBudget = 10000;
const int32_t kNeverInterrupted = 0;

}  // namespace

std::unique_ptr<Overload> Overload::make(Interpreter& interpreter, types::ConstantId callee,
                                         std::span<const uint64_t> key, bool nogil) {
  auto overload = std::make_unique<Overload>();
  overload->interpreter_ = &interpreter;
  overload->key_.assign(key.begin(), key.end());
  driver::Outcome<driver::CompiledFunction> outcome;
  bool types_known = true;
  {
    ReleaseGil released;
    auto guard = interpreter.session().lock();
    std::vector<types::TypeId> arguments;
    {
      HoldGil gil;
      const uint64_t* word = overload->key_.data();
      while (types_known && word < overload->key_.data() + overload->key_.size()) {
        arguments.push_back(type_of_key(word, interpreter));
        types_known = arguments.back().valid();
      }
    }
    if (types_known) outcome = interpreter.session().compile(callee, arguments);
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
  overload->release_gil_ = nogil || overload->function_->artifact.may_take_long;
  return overload;
}

PyObject* Overload::call(const ArgumentBuffer& buffer, std::span<PyObject* const> arguments) const {
  CallHost host{{print}, &function_->artifact, interpreter_};
  abi::Context context;
  context.error.site = -1;
  context.error.trace_length = 0;
  context.recursion_budget = kRecursionBudget;
  context.interrupt = &kNeverInterrupted;
  context.host = &host.calls;
  int64_t results[kMaxSlots];
  int32_t status;
  if (release_gil_) {
    ReleaseGil released;
    status = function_->entry(&context, results, buffer.slots);
  } else {
    status = function_->entry(&context, results, buffer.slots);
  }
  if (status == abi::kOk) return result_.read(results, arguments);
  raise_recorded(context.error, function_->artifact, *interpreter_);
  return nullptr;
}

}  // namespace metate::ext

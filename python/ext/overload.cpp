#include "python/ext/overload.h"

#include <string>
#include <vector>

#include "python/ext/compile_for_key.h"
#include "python/ext/interrupts.h"
#include "runtime/abi/context.h"
#include "runtime/base/trace.h"

namespace metate::ext {

std::unique_ptr<Overload> Overload::make(Interpreter& interpreter, types::ConstantId callee,
                                         std::span<const uint64_t> key, bool nogil, bool cached) {
  auto overload = std::make_unique<Overload>();
  overload->key_.assign(key.begin(), key.end());
  overload->function_ = compile_for_key<driver::CompiledFunction>(
      interpreter, key, cached, [&](driver::Session& session, std::vector<types::TypeId> arguments, driver::Disk disk) {
        driver::Outcome<driver::CompiledFunction> outcome =
            session.compile(callee, arguments, driver::Nests::kOnThreads, disk);
        if (outcome.code) {
          HoldGil gil;
          overload->result_ = ResultReader::make(outcome.code->artifact.result, interpreter);
        }
        return outcome;
      });
  if (!overload->function_) return nullptr;
  overload->entry_ = overload->function_->entry;
  overload->host_ = CallHost::of(overload->function_->artifact, interpreter);
  watch_interrupts();
  overload->release_gil_ = nogil || overload->function_->artifact.may_take_long;
  return overload;
}

PyObject* Overload::call(const ArgumentBuffer& buffer, std::span<PyObject* const> arguments) const {
  abi::Context context;
  begin_call(context, host_);
  int64_t results[kMaxSlots];
  int32_t status =
      release_gil_ ? run_without_gil(context, results, buffer.slots) : entry_(&context, results, buffer.slots);
  if (status == abi::kOk) [[likely]]
    return result_.read(results, arguments);
  raise_recorded(context.error, function_->artifact, *host_.interpreter);
  return nullptr;
}

int32_t Overload::run_without_gil(abi::Context& context, int64_t* results, const int64_t* slots) const {
  ReleaseGil released;
  base::TimedSpan span(base::SpanKind::kCall, "call", function_->artifact.entry);
  if (!first_call_.has_begun.load(std::memory_order_relaxed)) [[unlikely]]
    return run_first(context, results, slots);
  return entry_(&context, results, slots);
}

[[gnu::noinline]] int32_t Overload::run_first(abi::Context& context, int64_t* results, const int64_t* slots) const {
  if (first_call_.has_begun.exchange(true)) return entry_(&context, results, slots);
  const cpu::Allocations before = cpu::allocations_so_far();
  const int32_t status = entry_(&context, results, slots);
  first_call_.made = cpu::allocations_so_far() - before;
  first_call_.has_ended.store(true, std::memory_order_release);
  return status;
}

std::optional<cpu::Allocations> Overload::first_call() const {
  if (!first_call_.has_ended.load(std::memory_order_acquire)) return std::nullopt;
  return first_call_.made;
}

}  // namespace metate::ext

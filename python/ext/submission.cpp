#include "python/ext/submission.h"

#include <algorithm>
#include <utility>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"

namespace metate::ext {

void Submission::finish(const base::Status& status) {
  if (finished_) return;
  finished_ = true;
  // Objects that go may run Python code, which may come here again: not before all is in order.
  Kept kept = std::move(kept_);
  auto done_before = std::move(after);
  after.clear();
  // Where an item has raised, others may have waited for it in vain: what it raised is the reason of both.
  const auto* errors = static_cast<const abi::KernelErrors*>(kept.errors.data());
  if (errors && errors->first != abi::kNoKernelError) {
    const abi::KernelErrorEntry& entry = errors->entries[errors->first % abi::kKernelErrorEntries];
    Failure& failure = failure_.emplace();
    failure.kernel = std::move(kept.kernel);
    failure.raised.site = entry.site;
    std::copy(std::begin(entry.values), std::end(entry.values), std::begin(failure.raised.values));
  } else if (!status) {
    failure_.emplace().error = status.error();
  }
}

int Submission::traverse(visitproc visit, void* arg) const {
  for (const Ref& object : kept_.objects) Py_VISIT(object.get());
  return 0;
}

void Submission::set_error() const {
  if (!failure_->kernel) return ext::set_error(failure_->error);
  if (Interpreter* interpreter = Interpreter::get())
    raise_recorded(failure_->raised, failure_->kernel->artifact, *interpreter);
}

}  // namespace metate::ext

#include "python/ext/submission.h"

#include <algorithm>
#include <utility>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/kernel_print.h"

namespace metate::ext {
namespace {

/// Of the item that a Python loop over all dimensions would run as its number `linear`, counted from an id of zeros.
Extents global_id_of(int64_t linear, Extents global_size, const Extents& offset) {
  const std::span<int64_t> id = global_size.values();
  const auto first = [&](size_t axis) { return offset.empty() ? 0 : offset.values()[axis]; };
  int64_t linear_first = 0;
  for (size_t axis = 0; axis < id.size(); ++axis) linear_first = linear_first * id[axis] + first(axis);
  linear -= linear_first;
  for (size_t axis = id.size(); axis-- > 0;) linear /= std::exchange(id[axis], first(axis) + linear % id[axis]);
  return global_size;
}

}  // namespace

Submission::~Submission() {
  if (event) pool_->give_back(std::move(event));
}

base::Error Submission::explained(const base::Error& error) const {
  return kept_.notes ? ext::explained(error, *kept_.notes, kept_.accessor_bytes, *device()) : error;
}

void Submission::finish(const base::Status& status) {
  if (finished_) return;
  finished_ = true;
  std::optional<base::Error> error;
  if (!status) error = explained(status.error());
  // Objects that go may run Python code, which may come here again: not before all is in order.
  Kept kept = std::move(kept_);
  auto done_before = std::move(after);
  after.clear();
  // Where an item has raised, others may have waited for it in vain: what it raised is the reason of both.
  auto* errors = static_cast<abi::KernelErrors*>(kept.errors.data());
  const driver::Artifact* code = kept.code.get();
  if (errors && errors->first != abi::kNoKernelError) {
    const abi::KernelErrorEntry& entry = errors->entries[errors->first % abi::kKernelErrorEntries];
    Failure& failure = *(failure_ = std::make_unique<Failure>());
    failure.code = std::move(kept.code);
    failure.raised.site = entry.site;
    std::copy(std::begin(entry.values), std::end(entry.values), std::begin(failure.raised.values));
    failure.global_id = global_id_of(entry.global_id, kept.global_size, kept.global_offset);
  } else if (error) {
    failure_ = std::make_unique<Failure>(std::move(*error));
  }
  if (kept.prints) show_printed(*prints_behind(*errors), *code);
  if (errors) pool_->give_back(std::move(kept.errors));
}

int Submission::traverse(visitproc visit, void* arg) const {
  for (const Ref& object : kept_.objects) Py_VISIT(object.get());
  return 0;
}

void Submission::set_error() const {
  if (!failure_->code) return ext::set_error(failure_->error);
  if (Interpreter* interpreter = Interpreter::get()) raise_recorded(failure_->raised, *failure_->code, *interpreter);
  name_work_item(failure_->global_id.values());
}

}  // namespace metate::ext

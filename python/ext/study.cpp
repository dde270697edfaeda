#include "python/ext/study.h"

#include <nanobind/stl/string.h>

#include "compiler/driver/study.h"
#include "python/ext/interpreter.h"
#include "python/ext/overload.h"
#include "python/ext/raise.h"
#include "runtime/base/trace.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

nb::str text(const std::string& text) {
  // What a file says of itself need not be UTF-8.
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (!decoded) throw nb::python_error();
  return nb::steal<nb::str>(decoded);
}

nb::dict as_dict(const driver::Place& place);
nb::dict as_dict(const driver::StageText& stage);
nb::dict as_dict(const driver::LoopFact& loop);
nb::dict as_dict(const driver::ArrayOperation& operation);
nb::dict as_dict(const driver::CheckFact& check);
nb::dict as_dict(const driver::ArrayFact& array);
nb::dict as_dict(const jit::Remark& remark);
nb::dict as_dict(const base::Span& span);
nb::dict as_dict(const base::StageTime& time);

template <class T>
nb::list as_list(const std::vector<T>& items) {
  nb::list list;
  for (const T& item : items) list.append(as_dict(item));
  return list;
}

nb::dict as_dict(const driver::Place& place) {
  nb::dict made;
  made["file"] = text(place.file);
  made["line"] = place.line;
  made["column"] = place.column;
  return made;
}

nb::dict as_dict(const driver::StageText& stage) {
  nb::dict made;
  made["stage"] = text(stage.stage);
  made["function"] = text(stage.function);
  made["text"] = text(stage.text);
  return made;
}

const char* name_of(driver::LoopFact::Kind kind) {
  switch (kind) {
    case driver::LoopFact::Kind::kExpression:
      return "array expression";
    case driver::LoopFact::Kind::kNest:
      return "prange loop";
    case driver::LoopFact::Kind::kPlain:
      return "loop";
  }
  return "";
}

nb::dict as_dict(const driver::LoopFact& loop) {
  nb::dict made = as_dict(loop.place);
  made["kind"] = name_of(loop.kind);
  made["mode"] = text(loop.mode);
  made["rare"] = loop.rare;
  made["reductions"] = loop.reductions;
  made["last_line"] = loop.last_line;
  made["obstacle"] = text(loop.obstacle);
  made["unfused"] = text(loop.unfused);
  return made;
}

nb::dict as_dict(const driver::ArrayOperation& operation) {
  nb::dict made = as_dict(operation.place);
  made["users"] = as_list(operation.users);
  return made;
}

const char* name_of(driver::CheckFact::State state) {
  switch (state) {
    case driver::CheckFact::State::kProved:
      return "proved";
    case driver::CheckFact::State::kHoisted:
      return "hoisted";
    case driver::CheckFact::State::kBlocked:
      return "blocked";
    case driver::CheckFact::State::kKept:
      return "kept";
  }
  return "";
}

nb::dict as_dict(const driver::CheckFact& check) {
  nb::dict made = as_dict(check.place);
  made["state"] = name_of(check.state);
  return made;
}

nb::dict as_dict(const driver::ArrayFact& array) {
  nb::dict made = as_dict(array.place);
  made["type"] = text(array.type);
  made["bytes"] = text(array.bytes);
  made["returned"] = array.is_returned;
  made["repeated"] = array.is_repeated;
  return made;
}

nb::dict as_dict(const jit::Remark& remark) {
  constexpr const char* kKinds[] = {"done", "missed", "reason"};
  nb::dict made;
  made["kind"] = kKinds[static_cast<size_t>(remark.kind)];
  made["pass"] = text(remark.pass);
  made["message"] = text(remark.message);
  made["file"] = text(remark.file);
  made["line"] = remark.line;
  made["width"] = remark.width;
  made["interleave"] = remark.interleave;
  return made;
}

nb::dict as_dict(const base::Span& span) {
  nb::dict made;
  made["kind"] = span.kind == base::SpanKind::kStage ? "stage" : "pass";
  made["name"] = text(span.name);
  made["function"] = text(span.subject);
  made["seconds"] = static_cast<double>(span.own) * 1e-9;
  return made;
}

nb::dict as_dict(const base::StageTime& time) {
  nb::dict made;
  made["function"] = text(time.function);
  made["stage"] = text(time.stage);
  made["seconds"] = static_cast<double>(time.nanoseconds) * 1e-9;
  made["runs"] = time.runs;
  return made;
}

nb::dict as_dict(const driver::Study& study) {
  nb::dict made;
  made["texts"] = as_list(study.texts);
  made["loops"] = as_list(study.loops);
  made["operations"] = as_list(study.operations);
  made["checks"] = as_list(study.checks);
  made["checks_indices"] = study.checks_indices;
  made["fast_math"] = study.fast_math;
  made["parallel"] = study.parallel;
  made["arrays"] = as_list(study.arrays);
  made["remarks"] = as_list(study.remarks);
  made["times"] = as_list(study.spans);
  return made;
}

}  // namespace

nb::dict study_as_dict(Interpreter& interpreter, types::ConstantId callee, std::span<const types::TypeId> arguments,
                       driver::Purpose purpose, const driver::KernelTarget& target) {
  base::Result<driver::Study> study = [&] {
    ReleaseGil released;
    return interpreter.session().study(callee, arguments, purpose, target);
  }();
  return as_dict(take(std::move(study)));
}

PyObject* make_study(Interpreter& interpreter, types::ConstantId callee, const Overload& overload) {
  try {
    nb::dict made = study_as_dict(interpreter, callee, overload.argument_types(), {});
    made["first_call"] = nb::none();
    if (std::optional<cpu::Allocations> first = overload.first_call()) {
      nb::dict call;
      call["arrays"] = first->blocks;
      call["bytes"] = first->bytes;
      made["first_call"] = call;
    }
    return made.release().ptr();
  } catch (nb::python_error& error) {
    error.restore();
  }
  return nullptr;
}

void add_traces(nb::module_& module) {
  module.def("stage_times", [] { return as_list(base::stage_times()); }, "See metate.reports.stage_times; private.");
  module.def("write_traces", &base::write_traces, "Write the files of METATE_TRACE and METATE_TIMES now; private.");
}

}  // namespace metate::ext

#include "python/ext/call_host.h"

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/text.h"

namespace metate::ext {
namespace {

const CallHost& host_of(const abi::Context* context) { return *reinterpret_cast<const CallHost*>(context->host); }

int32_t print(abi::Context* context, int32_t site, const int64_t* values) {
  HoldGil gil;
  const CallHost& host = host_of(context);
  Ref text = message_text(site, values, *host.artifact, *host.interpreter);
  PyObject* out = PySys_GetObject("stdout");
  if (text && out && out != Py_None && PyFile_WriteObject(text.get(), out, Py_PRINT_RAW) == 0) return abi::kOk;
  if (text && (!out || out == Py_None)) return abi::kOk;  // print() without a sys.stdout does nothing either
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

/// As Python does with exceptions in callbacks of ctypes: sys.unraisablehook says it on sys.stderr.
void report(abi::Context* context) {
  HoldGil gil;
  const CallHost& host = host_of(context);
  raise_recorded(context->error, *host.artifact, *host.interpreter);
  Ref name = as_text(host.artifact->entry);
  PyErr_WriteUnraisable(name.get());
}

}  // namespace

CallHost CallHost::of(const driver::Artifact& artifact, Interpreter& interpreter) {
  return {{.print = print, .report = report, .interrupted = on_interrupt}, &artifact, &interpreter};
}

}  // namespace metate::ext

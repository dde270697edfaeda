#include "python/ext/callback.h"

#include <memory>
#include <vector>

#include "python/ext/call_host.h"
#include "python/ext/compile_for_key.h"

namespace metate::ext {
namespace {

struct Callback {
  abi::Context model;  // the code copies its contexts from here
  CallHost host;
  std::shared_ptr<const driver::CompiledFunction> function;
};

}  // namespace

PyObject* make_callback(Interpreter& interpreter, types::ConstantId callee, std::span<const uint64_t> key,
                        bool cached) {
  auto callback = std::make_unique<Callback>();
  callback->function = compile_for_key<driver::CompiledFunction>(
      interpreter, key, cached, [&](driver::Session& session, std::vector<types::TypeId> arguments, driver::Disk disk) {
        return session.compile_callback(callee, arguments, &callback->model, disk);
      });
  if (!callback->function) return nullptr;
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

#include "python/ext/offload.h"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <string>

#include "compiler/driver/access.h"
#include "python/ext/compile_for_key.h"
#include "python/ext/raise.h"
#include "python/ext/usm_view.h"
#include "runtime/abi/kernel_check.h"
#include "runtime/level_zero/array_blocks.h"

namespace nb = nanobind;

namespace metate::ext {

using level_zero::Extent3;

/// What compiled code asks in one call. Threads of the host may ask at the same time.
struct DeviceCall : CallHost {
  OffloadedFunction* function;
  QueueRef queue;
  nb::tuple arguments;
  std::shared_ptr<DeviceArguments> sent;
  Ref exception;  // of a launch, for the thread that made the call
  std::mutex mutex;
  std::string no_memory;  // what the driver said when it gave none last

  DeviceCall(OffloadedFunction& function, QueueRef queue, nb::tuple arguments)
      : CallHost(CallHost::of(function.artifact(), function.interpreter_)),
        function(&function),
        queue(std::move(queue)),
        arguments(std::move(arguments)) {
    calls.offload = offload;
    calls.allocate_shared = allocate;
  }

  static DeviceCall& of(const abi::Context* context) {
    return static_cast<DeviceCall&>(*const_cast<CallHost*>(reinterpret_cast<const CallHost*>(context->host)));
  }

  static abi::Owner* allocate(abi::Context* context, int64_t bytes) {
    DeviceCall& call = of(context);
    base::Result<abi::Owner*> made = level_zero::allocate_array(call.queue->device(), bytes);
    if (made) return *made;
    const std::lock_guard lock(call.mutex);
    call.no_memory = made.take_error().message;
    return nullptr;
  }

  static int32_t offload(abi::Context* context, int32_t nest, const int64_t* extents, int64_t* env) {
    HoldGil gil;
    DeviceCall& call = of(context);
    try {
      if (call.launch(*context, static_cast<size_t>(nest), extents, env)) return abi::kOk;
    } catch (nb::python_error& error) {
      if (!call.exception) call.exception = Ref::borrow(error.value().ptr());
      context->error.site = -1;
      context->error.trace_length = 0;
    }
    return abi::kRaised;
  }

  bool launch(abi::Context& context, size_t number, const int64_t* extents, int64_t* env);

  [[noreturn]] void raise(const abi::ErrorRecord& recorded) const;
};

namespace {

/// Work-items and groups of a nest, the device's fastest dimension first.
/// Groups may reach beyond the extents, where work-items find nothing to do.
level_zero::LaunchSizes launch_of(const level_zero::Device& device, std::span<const int64_t> extents) {
  constexpr uint64_t kGroup = 256;
  level_zero::LaunchSizes launch{{1, 1, 1}, {1, 1, 1}};
  uint64_t room = std::bit_floor(std::min<uint64_t>(kGroup, device.properties().max_group_size));
  for (size_t dimension = 0; dimension < 3 && dimension < extents.size(); ++dimension) {
    const size_t axis = extents.size() - 1 - dimension;
    auto items = static_cast<uint64_t>(extents[axis]);
    bool too_many = false;
    for (size_t outer = 0; dimension == 2 && outer < axis; ++outer)
      too_many |= __builtin_mul_overflow(items, static_cast<uint64_t>(extents[outer]), &items);
    const uint64_t longest = std::bit_floor(uint64_t{device.properties().max_group_sizes[dimension]});
    const uint64_t size = std::min({room, longest, items < kGroup ? std::bit_ceil(items) : kGroup});
    room /= size;
    const uint64_t count = items / size + (items % size != 0);
    if (too_many || count > device.properties().max_group_counts[dimension])
      fail(PyExc_ValueError, "a loop has more iterations than a launch on " + device.name() + " takes");
    launch.group_size[dimension] = static_cast<uint32_t>(size);
    launch.group_counts[dimension] = static_cast<uint32_t>(count);
  }
  return launch;
}

/// Devices that do not reach all memory of the host reach their own.
void check_memory(level_zero::Device& device, const driver::NestKernel& kernel, const int64_t* env) {
  if (device.properties().shares_host_memory) return;
  for (const driver::KernelArgument& argument : kernel.arguments)
    if (argument.is_data && !device.memory().kind_of(reinterpret_cast<const void*>(env[argument.slot]), 1))
      fail(PyExc_TypeError, "a parallel loop works on a global array, which " + device.name() +
                                " does not reach: pass it as an argument");
}

}  // namespace

/// False where a work-item raised, with the error in the context. Throws what the driver reports.
bool DeviceCall::launch(abi::Context& context, size_t number, const int64_t* extents, int64_t* env) {
  const driver::NestKernel& nest = function->artifact().nest_kernels[number];
  std::span<const int64_t> counts(extents, nest.rank);
  if (std::ranges::any_of(counts, [](int64_t extent) { return extent <= 0; })) return true;
  const std::shared_ptr<level_zero::Device>& device = queue->device();
  check_memory(*device, nest, env);
  const level_zero::Kernel& kernel =
      function->modules_.kernel(device, function->artifact().nest_words, nest.entry).kernel();
  const level_zero::LaunchSizes launch = launch_of(*device, counts);

  Kept kept;
  kept.memory = sent;
  kept.errors = take(queue->pool().error_memory());
  kept.code = std::shared_ptr<const driver::Artifact>(function->function_, &function->artifact());
  kept.objects = {Ref::borrow(arguments.ptr())};
  kept.to_the_end = true;  // it may use what the call has allocated
  const void* errors = kept.errors.data();
  std::vector<level_zero::Argument> values;
  for (const driver::KernelArgument& argument : nest.arguments) values.push_back({&env[argument.slot], argument.bytes});
  for (const int64_t& extent : counts) values.push_back(level_zero::Argument::of(extent));
  values.push_back(level_zero::Argument::of(errors));
  auto append = [&](level_zero::Queue& list, const level_zero::Event& signal,
                    std::span<const level_zero::Event> waits) {
    return list.launch(kernel, launch, values, signal, waits);
  };
  std::shared_ptr<Submission> submission = queue->execute(append, {}, std::move(kept), true);
  if (!submission) throw nb::python_error();
  ++function->launches_[number][device->name()];
  if (!submission->failed()) return true;
  if (const abi::ErrorRecord* raised = submission->raised()) {
    context.error.site = raised->site;
    context.error.trace_length = 0;
    std::ranges::copy(raised->values, context.error.values);
    return false;
  }
  submission->set_error();
  throw nb::python_error();
}

/// Raises what ended the call. Compiled code only knows that there is no memory for an array; the driver said why.
void DeviceCall::raise(const abi::ErrorRecord& recorded) const {
  if (exception) PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
  raise_recorded(recorded, function->artifact(), function->interpreter_);
  nb::python_error raised;
  if (!exception && !no_memory.empty() && raised.matches(PyExc_MemoryError))
    raised.value().attr("args") = nb::make_tuple(nb::cast<std::string>(nb::str(raised.value())) + ": " + no_memory);
  throw raised;
}

OffloadedFunction::OffloadedFunction(Interpreter& interpreter, types::ConstantId callee, std::span<const uint64_t> key,
                                     bool checked, bool cached)
    : interpreter_(interpreter), key_(key.begin(), key.end()), checked_(checked), modules_(checked, cached) {
  function_ = compile_for_key<driver::CompiledFunction>(
      interpreter, key, cached, [&](driver::Session& session, std::vector<types::TypeId> types, driver::Disk disk) {
        driver::Outcome<driver::CompiledFunction> outcome =
            session.compile(callee, types, checked ? driver::Nests::kChecked : driver::Nests::kOnDevice, disk);
        if (outcome.code) {
          HoldGil gil;
          result_ = ResultReader::make(outcome.code->artifact.result, interpreter);
        }
        return outcome;
      });
  if (!function_) throw nb::python_error();
  launches_.resize(artifact().nest_kernels.size());
}

/// What the host would do to memory that it does not reach.
void OffloadedFunction::refuse_host_accesses(const KernelArguments& arguments) const {
  for (size_t i = 0; i < arguments.count(); ++i) {
    const std::optional<driver::HostAccess>& access = artifact().host_accesses[i];
    if (!access || !arguments.lies_on_device(i) || !arguments.is_out_of_reach(i)) continue;
    const std::string argument = arguments.name(i);
    const support::Diagnostic diagnostic = [&] {
      ReleaseGil released;
      auto guard = interpreter_.session().lock();
      return driver::diagnostic_of(*access, argument, interpreter_.session().universe());
    }();
    report({&diagnostic, 1});
    throw nb::python_error();
  }
}

nb::object OffloadedFunction::call(KernelArguments& arguments, const QueueRef& queue, nb::tuple objects) {
  refuse_host_accesses(arguments);
  bool on_device = false;
  for (size_t i = 0; i < arguments.count(); ++i) on_device |= arguments.lies_on_device(i);
  // The host's part sees what the queue did before.
  if (!queue->wait()) throw nb::python_error();
  DeviceCall call(*this, queue, objects);
  call.sent = arguments.send(*queue->device(), artifact());

  abi::Context context;
  begin_call(context, call);
  int64_t results[kMaxSlots];
  const int32_t status = [&] {
    ReleaseGil released;
    return function_->entry(&context, results, arguments.buffer().slots);
  }();
  if (call.sent) call.sent->fetch();
  if (status != abi::kOk) call.raise(context.error);
  result_.each_array(results, [&](int64_t* slots) {
    char* on_host = slots[1] || !call.sent ? nullptr : call.sent->host_address(reinterpret_cast<const char*>(slots[0]));
    if (on_host) slots[0] = reinterpret_cast<int64_t>(on_host);
  });
  std::vector<PyObject*> lenders(objects.size());
  for (size_t i = 0; i < lenders.size(); ++i) lenders[i] = nb::handle(objects[i]).ptr();
  nb::object result = nb::steal(result_.read(results, lenders));
  if (!result.is_valid()) throw nb::python_error();
  if (!on_device) return result;
  return nb::module_::import_("metate.device_array.results")
      .attr("on_queue")(result, objects, nb::handle(queue.object()));
}

bool any_on_device(std::span<PyObject* const> arguments) {
  return std::ranges::any_of(arguments, [](PyObject* argument) {
    if (!PyTuple_Check(argument)) return has_usm_interface(argument);
    return any_on_device({PySequence_Fast_ITEMS(argument), static_cast<size_t>(PyTuple_GET_SIZE(argument))});
  });
}

PyObject* call_on_device(Interpreter& interpreter, types::ConstantId callee, PyObject* function,
                         OffloadedFunctions& compiled, std::span<PyObject* const> arguments, PyObject* context,
                         bool may_compile, bool cached) {
  try {
    nb::list list;
    for (PyObject* argument : arguments) list.append(nb::handle(argument));
    nb::tuple objects(list);
    KernelArguments read(function, "a parallel function", objects, 0);
    read.refuse_local_arrays();
    QueueRef queue = read.choose_queue({}, context == Py_None ? QueueRef() : QueueRef(context));
    const bool checked = abi::is_kernel_check_wanted() && queue->device()->is_software();
    auto find = [&]() -> std::shared_ptr<OffloadedFunction> {
      for (const auto& each : compiled)
        if (each->matches(read.buffer().words(), checked)) return each;
      return nullptr;
    };
    std::shared_ptr<OffloadedFunction> found = find();
    if (!found) {
      if (!may_compile)
        fail(PyExc_TypeError,
             "the function was not compiled for these argument types on a device, and "
             "disable_compile() was called");
      auto made = std::make_shared<OffloadedFunction>(interpreter, callee, read.buffer().words(), checked, cached);
      // Another thread may have been faster while this one compiled without the GIL.
      found = find();
      if (!found) compiled.push_back(found = std::move(made));
    }
    return found->call(read, queue, objects).release().ptr();
  } catch (nb::python_error& error) {
    error.restore();
  }
  return nullptr;
}

}  // namespace metate::ext

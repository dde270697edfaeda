#include "python/ext/kernel.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "python/ext/arguments.h"
#include "python/ext/compile_for_key.h"
#include "python/ext/device_modules.h"
#include "python/ext/event.h"
#include "python/ext/interpreter.h"
#include "python/ext/kernel_arguments.h"
#include "python/ext/options_reader.h"
#include "python/ext/raise.h"
#include "runtime/level_zero/queue.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Device;
using level_zero::Extent3;

/// What a kernel is launched over, and the object for that which it takes as first argument, if it takes one.
struct Space {
  uint8_t rank;
  std::optional<types::KernelObject> item;

  bool operator==(const Space&) const = default;
};

Space space_of(size_t rank, std::string_view item) {
  Space space{static_cast<uint8_t>(rank), {}};
  if (item.empty()) return space;
  if (item == "item")
    space.item = types::KernelObject::kItem;
  else if (item == "nd_item")
    space.item = types::KernelObject::kNdItem;
  else
    fail(PyExc_ValueError, "kernels take an item or an nd_item, not '" + std::string(item) + "'");
  return space;
}

/// One specialisation of a kernel, and its modules for the devices it has run on.
struct Built {
  explicit Built(bool checked) : modules(checked) {}

  std::vector<uint64_t> key;
  Space space;
  std::shared_ptr<const driver::CompiledKernel> code;
  DeviceModules modules;
};

class KernelDispatcher {
 public:
  KernelDispatcher(nb::object function, nb::dict options, bool check)
      : function_(function), check_(check), interpreter_(Interpreter::get()) {
    if (!interpreter_) throw nb::python_error();
    if (!PyFunction_Check(function.ptr())) fail(PyExc_TypeError, "a kernel is made of a Python function");
    parameters_ = nb::cast<size_t>(function.attr("__code__").attr("co_argcount"));
    if (!read_options(options.ptr(), true, options_)) throw nb::python_error();
  }

  KernelDispatcher(const KernelDispatcher&) = delete;

  nb::object function() const { return function_; }

  QueueEvent launch(QueueRef given, QueueRef context, std::string_view item, const std::vector<int64_t>& global,
                    const std::vector<int64_t>& local, nb::tuple arguments, nb::handle after, bool wait);
  void launch_layouts(QueueRef queue, const std::vector<int64_t>& global, const std::vector<int64_t>& local,
                      nb::tuple arguments);
  std::string inspect(size_t rank, std::string_view item, nb::tuple arguments, bool spirv);

 private:
  KernelArguments read(nb::tuple arguments, const Space& space, QueueRef of_layouts = {});
  QueueEvent run(KernelArguments& given, nb::tuple arguments, const QueueRef& queue, const Space& space,
                 const std::vector<int64_t>& global, const std::vector<int64_t>& local,
                 const DeviceQueue::Submissions& awaited, bool wait);
  std::vector<types::TypeId> with_item(std::vector<types::TypeId> types, const Space& space);
  Built& find_or_compile(const ArgumentBuffer& buffer, Space space);
  void ensure_callee();

  nb::object function_;
  size_t parameters_ = 0;
  bool check_;  // the software driver watches it
  Interpreter* interpreter_;
  ir::FunctionOptions options_;
  types::ConstantId callee_;
  std::vector<std::unique_ptr<Built>> built_;
};

KernelArguments KernelDispatcher::read(nb::tuple arguments, const Space& space, QueueRef of_layouts) {
  size_t item = space.item ? 1 : 0;
  if (arguments.size() + item != parameters_)
    fail(PyExc_TypeError, "kernel " + nb::cast<std::string>(function_.attr("__qualname__")) + " takes " +
                              std::to_string(parameters_ - std::min(item, parameters_)) +
                              (space.item ? " arguments beside its item, not " : " arguments, not ") +
                              std::to_string(arguments.size()));
  return KernelArguments(function_, "a kernel", arguments, item, std::move(of_layouts));
}

/// The types of the kernel's parameters, its item's first. The session's lock is held.
std::vector<types::TypeId> KernelDispatcher::with_item(std::vector<types::TypeId> types, const Space& space) {
  if (space.item)
    types.insert(types.begin(), interpreter_->session().universe().types.kernel_object(*space.item, space.rank));
  return types;
}

void KernelDispatcher::ensure_callee() {
  if (callee_) return;
  types::ConstantId callee;
  {
    ReleaseGil released;
    auto guard = interpreter_->session().lock();
    HoldGil gil;
    callee = interpreter_->callee_of(function_.ptr(), options_);
  }
  if (!callee) throw nb::python_error();
  callee_ = callee;
}

Built& KernelDispatcher::find_or_compile(const ArgumentBuffer& buffer, Space space) {
  auto find = [&]() -> Built* {
    for (const auto& built : built_)
      if (built->space == space && std::ranges::equal(built->key, buffer.words())) return built.get();
    return nullptr;
  };
  if (Built* found = find()) return *found;
  ensure_callee();
  auto code = compile_for_key<driver::CompiledKernel>(
      *interpreter_, buffer.words(), [&](driver::Session& session, std::vector<types::TypeId> types) {
        return session.compile_kernel(callee_, with_item(std::move(types), space), space.rank, check_);
      });
  if (!code) throw nb::python_error();
  if (Built* found = find()) return *found;
  auto built = std::make_unique<Built>(check_);
  built->key.assign(buffer.words().begin(), buffer.words().end());
  built->space = space;
  built->code = std::move(code);
  built_.push_back(std::move(built));
  return *built_.back();
}

/// Python's extents, slowest first, as the device counts them: fastest first, missing ones 1.
Extent3 device_extents(const std::vector<int64_t>& extents, const char* what) {
  Extent3 result{1, 1, 1};
  for (size_t i = 0; i < extents.size(); ++i) {
    int64_t extent = extents[extents.size() - 1 - i];
    if (extent < 0 || extent > UINT32_MAX)
      fail(PyExc_ValueError, std::string(what) + " size " + std::to_string(extent) + " is out of range");
    result[i] = static_cast<uint32_t>(extent);
  }
  return result;
}

Extent3 group_extents(const Device& device, const level_zero::Kernel& kernel, const Extent3& items,
                      const std::vector<int64_t>& local) {
  if (local.empty()) return take(kernel.suggest_group_size(device, items));
  Extent3 group = device_extents(local, "local");
  // k[3, 2] and k[(3, 2)] are the same to Python.
  std::string hint;
  if (local.size() == 1) {
    const std::string sizes[] = {std::to_string(items[0]), std::to_string(group[0])};
    hint = "; a launch over " + sizes[0] + " x " + sizes[1] + " work-items is k[metate.Range(" + sizes[0] + ", " +
           sizes[1] + ")]";
  }
  uint64_t total = 1;
  for (size_t i = 0; i < 3; ++i) {
    total *= group[i];
    if (group[i] == 0 || items[i] % group[i] != 0)
      fail(PyExc_ValueError, "global size " + std::to_string(items[i]) + " is not a multiple of the local size " +
                                 std::to_string(group[i]) + hint);
  }
  uint32_t most = device.properties().max_group_size;
  if (total > most)
    fail(PyExc_ValueError, "a work-group of " + std::to_string(total) + " items is more than the device takes (" +
                               std::to_string(most) + ")" + hint);
  return group;
}

void check_sizes(const std::vector<int64_t>& global, const std::vector<int64_t>& local) {
  if (global.empty() || global.size() > 3) fail(PyExc_ValueError, "a kernel is launched over 1 to 3 dimensions");
  if (!local.empty() && local.size() != global.size())
    fail(PyExc_ValueError, "global and local size have different numbers of dimensions");
}

QueueEvent KernelDispatcher::launch(QueueRef given, QueueRef context, std::string_view item,
                                    const std::vector<int64_t>& global, const std::vector<int64_t>& local,
                                    nb::tuple arguments, nb::handle after, bool wait) {
  check_sizes(global, local);
  DeviceQueue::Submissions awaited = submissions_of(after);
  Space space = space_of(global.size(), item);
  KernelArguments read_arguments = read(arguments, space);
  read_arguments.refuse_arrays_in_tuples();
  QueueRef queue = read_arguments.choose_queue(std::move(given), std::move(context));
  return run(read_arguments, arguments, queue, space, global, local, awaited, wait);
}

void KernelDispatcher::launch_layouts(QueueRef queue, const std::vector<int64_t>& global,
                                      const std::vector<int64_t>& local, nb::tuple arguments) {
  check_sizes(global, local);
  const Space space = space_of(global.size(), "");
  KernelArguments read_arguments = read(arguments, space, queue);
  run(read_arguments, arguments, queue, space, global, local, {}, true);
}

QueueEvent KernelDispatcher::run(KernelArguments& given, nb::tuple arguments, const QueueRef& queue, const Space& space,
                                 const std::vector<int64_t>& global, const std::vector<int64_t>& local,
                                 const DeviceQueue::Submissions& awaited, bool wait) {
  const std::shared_ptr<Device>& device = queue->device();
  if (check_ && !device->is_software())
    fail(PyExc_ValueError,
         "a kernel is checked on Metate's software device alone, not on '" + device->name() +
             "': leave its queue and device memory out, or set METATE_KERNEL_CHECK=1 for the program");
  Built& built = find_or_compile(given.buffer(), space);
  const driver::CompiledKernel& code = *built.code;
  Extent3 items = device_extents(global, "global");
  if (items[0] == 0 || items[1] == 0 || items[2] == 0) return {queue, nullptr};
  const level_zero::Kernel& kernel = built.modules.kernel(device, code.words, code.artifact.entry);
  Extent3 group = group_extents(*device, kernel, items, local);

  // Copies have to come back: there is nobody but us to fetch them.
  if (given.needs_copies(*device)) wait = true;
  std::shared_ptr<DeviceArguments> sent = given.send(*device, code.artifact.written);
  Kept kept;
  kept.memory = sent;
  kept.errors = take(make_error_memory(*device));
  kept.code = std::shared_ptr<const driver::Artifact>(built.code, &code.artifact);
  kept.global_size = global;
  kept.objects = {Ref::borrow(arguments.ptr()), Ref::borrow(nb::find(this).ptr())};
  const void* errors = kept.errors.data();
  std::vector<level_zero::Argument> values = given.values(code);
  values.push_back(level_zero::Argument::of(errors));
  Extent3 counts{items[0] / group[0], items[1] / group[1], items[2] / group[2]};
  auto append = [&](level_zero::Queue& list, const level_zero::Event& signal,
                    std::span<const level_zero::Event> waits) {
    return list.launch(kernel, counts, group, values, signal, waits);
  };
  std::shared_ptr<Submission> submission = queue->execute(append, awaited, std::move(kept), wait);
  if (!submission) throw nb::python_error();
  if (wait) {
    sent->fetch();
    if (submission->failed()) {
      submission->set_error();
      throw nb::python_error();
    }
  }
  return {queue, std::move(submission)};
}

std::string KernelDispatcher::inspect(size_t rank, std::string_view item, nb::tuple arguments, bool spirv) {
  Space space = space_of(rank, item);
  KernelArguments given = read(arguments, space);
  ensure_callee();
  base::Result<std::string> text = [&]() -> base::Result<std::string> {
    ReleaseGil released;
    auto guard = interpreter_->session().lock();
    std::optional<std::vector<types::TypeId>> types;
    {
      HoldGil gil;
      types = types_of_key(given.buffer().words(), *interpreter_);
    }
    if (!types) return std::string();
    return interpreter_->session().inspect(callee_, with_item(std::move(*types), space),
                                           spirv ? driver::Inspect::kSpirv : driver::Inspect::kLoopIr, space.rank);
  }();
  if (PyErr_Occurred()) throw nb::python_error();
  return take(std::move(text));
}

}  // namespace

void add_kernels(nb::module_& module) {
  nb::class_<KernelDispatcher>(module, "KernelDispatcher")
      .def(nb::init<nb::object, nb::dict, bool>(), nb::arg("function"), nb::arg("options"), nb::arg("check"))
      .def_prop_ro("py_func", &KernelDispatcher::function)
      .def("launch", &KernelDispatcher::launch, nb::arg("queue").none(), nb::arg("context").none(), nb::arg("item"),
           nb::arg("global_size"), nb::arg("local_size"), nb::arg("arguments"), nb::arg("after").none(),
           nb::arg("wait"))
      .def("launch_layouts", &KernelDispatcher::launch_layouts, nb::arg("queue"), nb::arg("global_size"),
           nb::arg("local_size"), nb::arg("arguments"),
           "Launch and wait; NumPy arrays say where arrays lie in memory of the queue's device, which is kept.")
      .def("inspect", &KernelDispatcher::inspect, nb::arg("rank"), nb::arg("item"), nb::arg("arguments"),
           nb::arg("spirv"));
}

}  // namespace metate::ext

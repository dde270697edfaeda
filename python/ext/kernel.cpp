#include "python/ext/kernel.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "python/ext/arguments.h"
#include "python/ext/compile_for_key.h"
#include "python/ext/device_arguments.h"
#include "python/ext/devices.h"
#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/local_accessor.h"
#include "python/ext/numpy.h"
#include "python/ext/options_reader.h"
#include "runtime/abi/kernel_error.h"
#include "runtime/level_zero/module.h"
#include "runtime/level_zero/queue.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Device;
using level_zero::Extent3;

[[noreturn]] void fail(const base::Error& error) {
  set_error(error);
  throw nb::python_error();
}

[[noreturn]] void fail(PyObject* type, const std::string& message) {
  PyErr_SetString(type, message.c_str());
  throw nb::python_error();
}

template <class T>
T take(base::Result<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

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

/// The arguments of a launch, and the bytes of those which are arrays in local memory (0 for others).
struct KernelArguments {
  ArgumentBuffer buffer;
  std::vector<size_t> local_bytes;
};

/// One specialisation of a kernel, and its modules for the devices it has run on.
struct Built {
  std::vector<uint64_t> key;
  Space space;
  std::shared_ptr<const driver::CompiledKernel> code;
  struct OnDevice {
    std::unique_ptr<level_zero::Module> module;
    std::unique_ptr<level_zero::Kernel> kernel;
    std::unique_ptr<level_zero::Queue> queue;
  };
  std::map<const Device*, OnDevice> devices;
};

class KernelDispatcher {
 public:
  KernelDispatcher(nb::object function, nb::dict options) : function_(function), interpreter_(Interpreter::get()) {
    if (!interpreter_) throw nb::python_error();
    if (!PyFunction_Check(function.ptr())) fail(PyExc_TypeError, "a kernel is made of a Python function");
    parameters_ = nb::cast<size_t>(function.attr("__code__").attr("co_argcount"));
    if (!read_options(options.ptr(), true, options_)) throw nb::python_error();
  }

  KernelDispatcher(const KernelDispatcher&) = delete;

  nb::object function() const { return function_; }

  void launch(const std::shared_ptr<Device>& device, std::string_view item, const std::vector<int64_t>& global,
              const std::vector<int64_t>& local, nb::tuple arguments);
  std::string inspect(size_t rank, std::string_view item, nb::tuple arguments, bool spirv);

 private:
  void read(nb::tuple arguments, const Space& space, KernelArguments& read);
  std::vector<types::TypeId> with_item(std::vector<types::TypeId> types, const Space& space);
  Built& find_or_compile(const ArgumentBuffer& buffer, Space space);
  Built::OnDevice& build(Built& built, const std::shared_ptr<Device>& device);
  void ensure_callee();
  void raise_first(const abi::KernelErrors& errors, const driver::Artifact& artifact);

  nb::object function_;
  size_t parameters_ = 0;
  Interpreter* interpreter_;
  ir::FunctionOptions options_;
  types::ConstantId callee_;
  std::vector<std::unique_ptr<Built>> built_;
};

void append_kernel_argument(PyObject* argument, KernelArguments& read) {
  read.local_bytes.push_back(0);
  if (!is_local_accessor(argument)) {
    if (!append_argument(argument, read.buffer)) throw nb::python_error();
    return;
  }
  std::optional<LocalArray> array = read_local_accessor(argument);
  if (!array || !append_local_array(array->dtype, array->shape, read.buffer)) throw nb::python_error();
  read.local_bytes.back() = array->bytes();
}

void KernelDispatcher::read(nb::tuple arguments, const Space& space, KernelArguments& read) {
  size_t item = space.item ? 1 : 0;
  if (arguments.size() + item != parameters_)
    fail(PyExc_TypeError, "kernel " + nb::cast<std::string>(function_.attr("__qualname__")) + " takes " +
                              std::to_string(parameters_ - std::min(item, parameters_)) +
                              (space.item ? " arguments beside its item, not " : " arguments, not ") +
                              std::to_string(arguments.size()));
  for (nb::handle argument : arguments) append_kernel_argument(argument.ptr(), read);
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
        return session.compile_kernel(callee_, with_item(std::move(types), space), space.rank);
      });
  if (!code) throw nb::python_error();
  if (Built* found = find()) return *found;
  auto built = std::make_unique<Built>();
  built->key.assign(buffer.words().begin(), buffer.words().end());
  built->space = space;
  built->code = std::move(code);
  built_.push_back(std::move(built));
  return *built_.back();
}

Built::OnDevice& KernelDispatcher::build(Built& built, const std::shared_ptr<Device>& device) {
  if (auto found = built.devices.find(device.get()); found != built.devices.end()) return found->second;
  base::Result<level_zero::Module> module = [&] {
    ReleaseGil released;
    return level_zero::Module::from_spirv(device, built.code->words);
  }();
  if (!module) fail(module.error());
  if (auto found = built.devices.find(device.get()); found != built.devices.end()) return found->second;
  Built::OnDevice made;
  made.module = std::make_unique<level_zero::Module>(std::move(*module));
  made.kernel = std::make_unique<level_zero::Kernel>(take(made.module->kernel(built.code->artifact.entry)));
  made.queue =
      std::make_unique<level_zero::Queue>(take(level_zero::Queue::make(device, level_zero::QueueMode::kBlocking)));
  return built.devices.emplace(device.get(), std::move(made)).first->second;
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

Extent3 group_extents(const level_zero::Queue& queue, const level_zero::Kernel& kernel, const Extent3& items,
                      const std::vector<int64_t>& local) {
  if (local.empty()) return take(queue.suggest_group_size(kernel, items));
  Extent3 group = device_extents(local, "local");
  uint64_t total = 1;
  for (size_t i = 0; i < 3; ++i) {
    total *= group[i];
    if (group[i] == 0 || items[i] % group[i] != 0) {
      std::string global_size = std::to_string(items[i]), local_size = std::to_string(group[i]);
      std::string message = "global size " + global_size + " is not a multiple of the local size " + local_size;
      // k[3, 2] and k[(3, 2)] are the same to Python.
      if (local.size() == 1)
        message += "; a launch over " + global_size + " x " + local_size + " work-items is k[metate.Range(" +
                   global_size + ", " + local_size + ")]";
      fail(PyExc_ValueError, message);
    }
  }
  uint32_t most = queue.device()->properties().max_group_size;
  if (total > most)
    fail(PyExc_ValueError, "a work-group of " + std::to_string(total) + " items is more than the device takes (" +
                               std::to_string(most) + ")");
  return group;
}

void KernelDispatcher::raise_first(const abi::KernelErrors& errors, const driver::Artifact& artifact) {
  if (errors.first == abi::kNoKernelError) return;
  abi::ErrorRecord record{};
  const abi::KernelErrorEntry& entry = errors.entries[errors.first % abi::kKernelErrorEntries];
  record.site = entry.site;
  std::copy(std::begin(entry.values), std::end(entry.values), std::begin(record.values));
  raise_recorded(record, artifact, *interpreter_);
  throw nb::python_error();
}

void KernelDispatcher::launch(const std::shared_ptr<Device>& device, std::string_view item,
                              const std::vector<int64_t>& global, const std::vector<int64_t>& local,
                              nb::tuple arguments) {
  if (global.empty() || global.size() > 3) fail(PyExc_ValueError, "a kernel is launched over 1 to 3 dimensions");
  if (!local.empty() && local.size() != global.size())
    fail(PyExc_ValueError, "global and local size have different numbers of dimensions");
  KernelArguments given;
  ArgumentBuffer& buffer = given.buffer;
  Space space = space_of(global.size(), item);
  read(arguments, space, given);
  Built& built = find_or_compile(buffer, space);
  const driver::CompiledKernel& code = *built.code;
  Extent3 items = device_extents(global, "global");
  if (items[0] == 0 || items[1] == 0 || items[2] == 0) return;
  Built::OnDevice& on_device = build(built, device);
  level_zero::Queue& queue = *on_device.queue;
  Extent3 group = group_extents(queue, *on_device.kernel, items, local);

  auto place = [&](const driver::CompiledKernel::Argument& argument) {
    return argument.parameter - (space.item ? 1u : 0u);
  };
  std::vector<DeviceArguments::Array> arrays;
  for (const driver::CompiledKernel::Argument& argument : code.arguments) {
    if (!argument.is_data || given.local_bytes[place(argument)]) continue;
    PyObject* object = PyTuple_GET_ITEM(arguments.ptr(), place(argument));
    if (!PyArray_Check(object)) fail(PyExc_TypeError, "arrays inside tuples cannot be passed to kernels");
    arrays.push_back({object, &buffer.slots[argument.slot], code.artifact.written[argument.parameter]});
  }
  DeviceArguments sent;
  if (base::Status status = sent.send(*device, std::move(arrays)); !status) fail(status.error());

  level_zero::Allocation error_memory =
      take(device->memory().allocate(level_zero::MemoryKind::kShared, sizeof(abi::KernelErrors)));
  auto* errors = static_cast<abi::KernelErrors*>(error_memory.data());
  errors->first = abi::kNoKernelError;
  std::vector<level_zero::Argument> values;
  for (const driver::CompiledKernel::Argument& argument : code.arguments) {
    size_t local = argument.is_data ? given.local_bytes[place(argument)] : 0;
    values.push_back(local ? level_zero::Argument::local(local)
                           : level_zero::Argument{&buffer.slots[argument.slot], argument.bytes});
  }
  values.push_back(level_zero::Argument::of(errors));
  Extent3 counts{items[0] / group[0], items[1] / group[1], items[2] / group[2]};
  base::Status status = [&] {
    ReleaseGil released;
    return queue.launch(*on_device.kernel, counts, group, values);
  }();
  // Where an item has raised, others may have waited for it in vain: what it raised is the reason of both.
  if (!status && errors->first == abi::kNoKernelError) fail(status.error());
  sent.fetch();
  raise_first(*errors, code.artifact);
}

std::string KernelDispatcher::inspect(size_t rank, std::string_view item, nb::tuple arguments, bool spirv) {
  KernelArguments given;
  Space space = space_of(rank, item);
  read(arguments, space, given);
  ensure_callee();
  base::Result<std::string> text = [&]() -> base::Result<std::string> {
    ReleaseGil released;
    auto guard = interpreter_->session().lock();
    std::optional<std::vector<types::TypeId>> types;
    {
      HoldGil gil;
      types = types_of_key(given.buffer.words(), *interpreter_);
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
      .def(nb::init<nb::object, nb::dict>(), nb::arg("function"), nb::arg("options"))
      .def_prop_ro("py_func", &KernelDispatcher::function)
      .def("launch", &KernelDispatcher::launch, nb::arg("device"), nb::arg("item"), nb::arg("global_size"),
           nb::arg("local_size"), nb::arg("arguments"))
      .def("inspect", &KernelDispatcher::inspect, nb::arg("rank"), nb::arg("item"), nb::arg("arguments"),
           nb::arg("spirv"));
}

}  // namespace metate::ext

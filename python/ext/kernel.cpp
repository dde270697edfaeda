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
#include "python/ext/event_object.h"
#include "python/ext/fast_binding.h"
#include "python/ext/interpreter.h"
#include "python/ext/kernel_arguments.h"
#include "python/ext/kernel_cache.h"
#include "python/ext/kernel_interface.h"
#include "python/ext/kernel_print.h"
#include "python/ext/launch_sizes.h"
#include "python/ext/options_reader.h"
#include "python/ext/raise.h"
#include "python/ext/study.h"
#include "python/ext/type_reader.h"
#include "runtime/level_zero/queue.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

using level_zero::Device;
using level_zero::Extent3;

KernelSpace space_of(size_t rank, std::string_view item) {
  KernelSpace space{static_cast<uint8_t>(rank), {}};
  if (item.empty()) return space;
  if (item == "item")
    space.item = types::KernelObject::kItem;
  else if (item == "nd_item")
    space.item = types::KernelObject::kNdItem;
  else
    fail(PyExc_ValueError, "kernels take an item or an nd_item, not '" + std::string(item) + "'");
  return space;
}

/// What the user says that a kernel does to an argument.
enum class AccessType : uint8_t { kNotSaid, kReadOnly, kWriteOnly, kReadWrite };

class KernelDispatcher {
 public:
  /// `accesses`: AccessType of each parameter. At most `cache_size` specialisations are kept here; on disk if `cached`.
  /// `sub_group_size`: that the kernel asks for, or 0.
  KernelDispatcher(nb::object function, nb::dict options, const std::vector<uint8_t>& accesses, size_t cache_size,
                   bool cached, uint32_t sub_group_size, bool check)
      : function_(function),
        sub_group_size_(sub_group_size),
        check_(check),
        cached_(cached),
        interpreter_(Interpreter::get()),
        accesses_(accesses),
        cache_(cache_size) {
    if (!interpreter_) throw nb::python_error();
    if (!PyFunction_Check(function.ptr())) fail(PyExc_TypeError, "a kernel is made of a Python function");
    parameters_ = nb::cast<size_t>(function.attr("__code__").attr("co_argcount"));
    if (!read_options(options.ptr(), true, options_)) throw nb::python_error();
    for (uint32_t i = 0; i < accesses.size(); ++i)
      if (is(i, AccessType::kWriteOnly)) write_only_.push_back(i);
  }

  KernelDispatcher(const KernelDispatcher&) = delete;

  nb::object function() const { return function_; }
  /// The argument types of each, as IR text.
  nb::list specialisations() const;

  /// From now on takes arguments of these types alone, or such that can be converted to them.
  void declare(nb::handle declarations);
  /// Makes sure that there is code for these types, which are those of the arguments without an item.
  void compile(size_t rank, std::string_view item, nb::handle types);
  /// `item` is what the kernel takes first, unless there are just as many `arguments` as it has parameters, or defaults
  /// make it so.
  QueueEvent launch(QueueRef given, QueueRef context, std::string_view item, nb::handle global, nb::handle local,
                    nb::handle offset, nb::tuple arguments, nb::handle after, bool wait);
  void launch_layouts(QueueRef queue, nb::handle global, nb::handle local, nb::tuple arguments);
  void launch_row(const QueueRef& queue, int64_t items, bool in_groups_of_one, KernelArguments& arguments, bool brief) {
    run(arguments, {}, queue, space_of(1, ""), LaunchExtents(items, in_groups_of_one), {}, true, brief);
  }
  /// How the specialisation of this number was compiled; see study.h.
  nb::dict study(size_t index);
  /// `stage`: "ir", "llvm" or "spirv", for the device of the arguments or else of `context`.
  nb::str inspect(QueueRef context, size_t rank, std::string_view item, nb::tuple arguments, std::string_view stage);
  /// The same of each specialisation that is kept, in the order of `specialisations`.
  nb::list inspect_kept(std::string_view stage);
  /// What other consumers of SPIR-V need for a launch: the module in SPIR-V 1.`version`, the kernel's name in it, and
  /// its arguments: ("value", bytes), ("address", of an array's data), ("local", bytes of the group's memory), and in
  /// the end ("errors", what the memory in which work-items say what they raise holds before).
  nb::tuple module(size_t rank, std::string_view item, nb::tuple arguments, uint32_t version);
  /// The same for argument types, as IR text, alone: see describe_interface.
  nb::dict emit(size_t rank, std::string_view item, nb::handle types, uint32_t version);

 private:
  bool is(size_t parameter, AccessType access) const {
    return parameter < accesses_.size() && accesses_[parameter] == static_cast<uint8_t>(access);
  }
  [[noreturn]] void refuse_export(const char* what) const {
    set_error_of_class("AheadOfTimeError", "kernel " + name() + " " + what + ", which it cannot do without Metate");
    throw nb::python_error();
  }
  driver::KernelTarget target_for(abi::DeviceFeatures features) const { return {features, sub_group_size_}; }
  std::string name() const { return nb::cast<std::string>(function_.attr("__qualname__")); }
  size_t default_count() const {
    PyObject* defaults = PyFunction_GET_DEFAULTS(function_.ptr());
    return defaults ? static_cast<size_t>(PyTuple_GET_SIZE(defaults)) : 0;
  }
  /// Whether an item goes before so many arguments, where both ways are open.
  bool takes_item(size_t arguments) const {
    if (arguments >= parameters_) return arguments > parameters_;
    return arguments + 1 + default_count() >= parameters_;
  }
  nb::tuple with_defaults(nb::tuple arguments, const KernelSpace& space) const;
  KernelArguments read(nb::tuple arguments, const KernelSpace& space, QueueRef of_layouts = {});
  /// Keeps the `arguments` until the launch is done.
  QueueEvent run(KernelArguments& given, nb::handle arguments, const QueueRef& queue, const KernelSpace& space,
                 const LaunchExtents& sizes, const DeviceQueue::Submissions& awaited, bool wait, bool brief = false);
  std::vector<types::TypeId> with_item(std::vector<types::TypeId> types, const KernelSpace& space);
  std::shared_ptr<BuiltKernel> find_or_compile(std::span<const uint64_t> key, const KernelSpace& space,
                                               abi::DeviceFeatures features);
  types::ConstantId callee_for(const KernelSpace& space);

  nb::object function_;
  uint32_t sub_group_size_;
  size_t parameters_ = 0;
  bool check_;  // the software driver watches it
  bool cached_;
  Interpreter* interpreter_;
  ir::FunctionOptions options_;
  std::vector<uint8_t> accesses_;
  std::vector<uint32_t> write_only_;
  std::vector<infer::Declaration> declarations_;
  types::ConstantId callee_;                                        // none before the first use
  std::vector<std::pair<KernelSpace, types::ConstantId>> adapted_;  // to the declarations
  KernelCache cache_;
};

/// The arguments of a launch, with the defaults of the last parameters where they are left out.
nb::tuple KernelDispatcher::with_defaults(nb::tuple arguments, const KernelSpace& space) const {
  const size_t item = space.item ? 1 : 0;
  if (arguments.size() + item == parameters_) return arguments;
  const size_t most = parameters_ - std::min(item, parameters_);
  const size_t count = default_count();
  const size_t least = most - std::min(count, most);
  if (arguments.size() < least || arguments.size() > most)
    fail(PyExc_TypeError, "kernel " + name() + " takes " + (least < most ? std::to_string(least) + " to " : "") +
                              std::to_string(most) + (most == 1 ? " argument" : " arguments") +
                              (space.item ? " beside its item, not " : ", not ") + std::to_string(arguments.size()));
  nb::list all(arguments);
  for (size_t i = arguments.size(); i < most; ++i)
    all.append(nb::borrow(
        PyTuple_GET_ITEM(PyFunction_GET_DEFAULTS(function_.ptr()), static_cast<Py_ssize_t>(count - (most - i)))));
  return nb::tuple(all);
}

KernelArguments KernelDispatcher::read(nb::tuple arguments, const KernelSpace& space, QueueRef of_layouts) {
  const size_t item = space.item ? 1 : 0;
  KernelArguments read(function_, "a kernel", arguments, item, std::move(of_layouts));
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is(item + i, AccessType::kReadOnly)) read.make_read_only(i);
  return read;
}

/// The types of the kernel's parameters, its item's first. The session's lock is held.
std::vector<types::TypeId> KernelDispatcher::with_item(std::vector<types::TypeId> types, const KernelSpace& space) {
  if (space.item)
    types.insert(types.begin(), interpreter_->session().universe().types.kernel_object(*space.item, space.rank));
  return types;
}

nb::list KernelDispatcher::specialisations() const {
  const KernelCache::Entries entries = cache_.entries();
  nb::list made;
  ReleaseGil released;
  auto guard = interpreter_->session().lock();
  HoldGil gil;
  for (const auto& entry : entries) {
    nb::list types;
    for (types::TypeId type : entry->code->artifact.arguments)
      types.append(str_of(interpreter_->session().universe().text(type)));
    made.append(types);
  }
  return made;
}

void KernelDispatcher::declare(nb::handle declarations) {
  if (!read_declarations(declarations.ptr(), *interpreter_, declarations_)) throw nb::python_error();
}

/// The callee constant of the function or, where types are declared, of the one that converts to those.
types::ConstantId KernelDispatcher::callee_for(const KernelSpace& space) {
  if (!callee_) {
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
  if (declarations_.empty()) return callee_;
  for (const auto& [known, callee] : adapted_)
    if (known == space) return callee;
  infer::Adaptation adaptation;
  adaptation.target = callee_;
  base::Result<types::ConstantId> adapted = [&]() -> base::Result<types::ConstantId> {
    ReleaseGil released;
    auto guard = interpreter_->session().lock();
    const types::TypeTable& types = interpreter_->session().universe().types;
    for (infer::Declaration declaration : declarations_) {
      const bool has_item =
          !declaration.arguments.empty() && types[declaration.arguments[0]].kind == types::TypeKind::kKernelObject;
      if (!has_item) declaration.arguments = with_item(std::move(declaration.arguments), space);
      if (declaration.arguments.size() == parameters_) adaptation.declarations.push_back(std::move(declaration));
    }
    if (adaptation.declarations.empty()) return types::ConstantId();
    return interpreter_->session().adapt(std::move(adaptation));
  }();
  const types::ConstantId callee = take(std::move(adapted));
  if (!callee)
    fail(PyExc_TypeError, "kernel " + name() + " is declared for no launch " + (space.item ? "with" : "without") +
                              " an item as first parameter");
  return adapted_.emplace_back(space, callee).second;
}

std::shared_ptr<BuiltKernel> KernelDispatcher::find_or_compile(std::span<const uint64_t> key, const KernelSpace& space,
                                                               abi::DeviceFeatures features) {
  const bool is_declared = !declarations_.empty();
  if (auto found = cache_.find(key, space, features, is_declared)) return found;
  types::ConstantId callee = callee_for(space);
  auto code = compile_for_key<driver::CompiledKernel>(
      *interpreter_, key, cached_, [&](driver::Session& session, std::vector<types::TypeId> types, driver::Disk disk) {
        return session.compile_kernel(callee, with_item(std::move(types), space), space.rank, target_for(features),
                                      check_, disk);
      });
  if (!code) throw nb::python_error();
  // Another thread may have been faster while this one compiled without the GIL.
  if (auto found = cache_.find(key, space, features, is_declared)) return found;
  auto built = std::make_shared<BuiltKernel>(check_, cached_);
  built->key.assign(key.begin(), key.end());
  built->space = space;
  built->compiled_for = features;
  built->code = std::move(code);
  built->notes = notes_of(function_, built->code->use, *interpreter_);
  KernelCache::Entries left = cache_.add(built);
  if (!left.empty()) {
    ReleaseGil released;
    for (const auto& entry : left) interpreter_->session().forget_kernel(*entry->code);
    left.clear();
  }
  return built;
}

void KernelDispatcher::compile(size_t rank, std::string_view item, nb::handle types) {
  std::optional<std::vector<uint64_t>> key = read_key(types.ptr(), *interpreter_);
  if (!key) throw nb::python_error();
  find_or_compile(*key, space_of(rank, item), {});  // for any device: launches say which
}

QueueEvent KernelDispatcher::launch(QueueRef given, QueueRef context, std::string_view item, nb::handle global,
                                    nb::handle local, nb::handle offset, nb::tuple arguments, nb::handle after,
                                    bool wait) {
  const LaunchExtents sizes(global, local, offset);
  DeviceQueue::Submissions awaited = submissions_of(after);
  const KernelSpace space = space_of(sizes.global.rank(), takes_item(arguments.size()) ? item : "");
  arguments = with_defaults(std::move(arguments), space);
  KernelArguments read_arguments = read(arguments, space);
  QueueRef queue = read_arguments.choose_queue(std::move(given), std::move(context), check_);
  return run(read_arguments, arguments, queue, space, sizes, awaited, wait);
}

void KernelDispatcher::launch_layouts(QueueRef queue, nb::handle global, nb::handle local, nb::tuple arguments) {
  const LaunchExtents sizes(global, local);
  const KernelSpace space = space_of(sizes.global.rank(), "");
  KernelArguments read_arguments = read(arguments, space, queue);
  run(read_arguments, arguments, queue, space, sizes, {}, true);
}

QueueEvent KernelDispatcher::run(KernelArguments& given, nb::handle arguments, const QueueRef& queue,
                                 const KernelSpace& space, const LaunchExtents& sizes,
                                 const DeviceQueue::Submissions& awaited, bool wait, bool brief) {
  const std::shared_ptr<Device>& device = queue->device();
  if (check_ && !device->is_software())
    fail(PyExc_ValueError,
         "a kernel is checked on Metate's software device alone, not on '" + device->name() +
             "': leave its queue and device memory out, or set METATE_KERNEL_CHECK=1 for the program");
  if (sub_group_size_) require_sub_group_size(*device, name(), sub_group_size_);
  std::shared_ptr<BuiltKernel> built = find_or_compile(given.buffer().words(), space, device->properties().features);
  const driver::CompiledKernel& code = *built->code;
  Extent3 items = device_extents(sizes.global, "global");
  if (items[0] == 0 || items[1] == 0 || items[2] == 0) return {queue, nullptr};
  DeviceKernel& kernel =
      built->modules.kernel(device, code.words, code.artifact.entry, code.global_arrays, &built->notes);
  Extent3 group = group_extents(*device, kernel, items, sizes.local);
  const Extent3 groups = group_counts(*device, items, group);
  given.check_local_arrays(*device, !sizes.local.empty());

  // Copies have to come back: there is nobody but us to fetch them.
  if (given.needs_copies(*device)) wait = true;
  std::shared_ptr<DeviceArguments> sent = given.send(*device, code.artifact, write_only_);
  Kept kept;
  kept.memory = sent;
  kept.errors = take(queue->pool().error_memory(code.prints));
  kept.prints = code.prints;
  kept.notes = &built->notes;
  kept.code = std::shared_ptr<const driver::Artifact>(std::move(built), &code.artifact);
  kept.accessor_bytes = given.local_bytes();
  kept.global_size = sizes.global;
  kept.global_offset = sizes.offset;
  kept.objects = {Ref::borrow(arguments.ptr())};
  kept.to_the_end = given.are_layouts();  // whose memory goes when the call raises
  kept.brief = brief;
  const void* errors = kept.errors.data();
  const std::span<const level_zero::Argument> values = given.values(code, &errors);
  const level_zero::LaunchSizes launched{groups, group, device_offset(sizes.offset)};
  auto append = [&](level_zero::Queue& list, const level_zero::Event& signal,
                    std::span<const level_zero::Event> waits) {
    return list.launch(kernel.kernel(), launched, values, signal, waits);
  };
  std::shared_ptr<Submission> submission = queue->execute(append, awaited, std::move(kept), wait);
  if (!submission) throw nb::python_error();
  if (wait) {
    if (sent) sent->fetch();
    if (submission->failed()) {
      submission->set_error();
      throw nb::python_error();
    }
  }
  return {queue, std::move(submission)};
}

nb::dict KernelDispatcher::study(size_t index) {
  if (index >= cache_.entries().size()) fail(PyExc_IndexError, "no such specialisation");
  const std::shared_ptr<BuiltKernel> built = cache_.entries()[index];
  return study_as_dict(*interpreter_, callee_for(built->space), built->code->artifact.arguments,
                       {.kernel_rank = built->space.rank}, target_for(built->compiled_for));
}

driver::Inspect stage_of(std::string_view name) {
  if (name == "llvm") return driver::Inspect::kOptimisedLlvm;
  return name == "spirv" ? driver::Inspect::kSpirv : driver::Inspect::kLoopIr;
}

nb::str KernelDispatcher::inspect(QueueRef context, size_t rank, std::string_view item, nb::tuple arguments,
                                  std::string_view stage) {
  KernelSpace space = space_of(rank, item);
  arguments = with_defaults(std::move(arguments), space);
  KernelArguments given = read(arguments, space);
  const abi::DeviceFeatures features =
      given.choose_queue({}, std::move(context), check_)->device()->properties().features;
  types::ConstantId callee = callee_for(space);
  auto text = ask_for_key(*interpreter_, given.buffer().words(),
                          [&](driver::Session& session, std::vector<types::TypeId> types) {
                            return session.inspect(callee, with_item(std::move(types), space), stage_of(stage),
                                                   space.rank, target_for(features));
                          });
  if (!text) throw nb::python_error();
  return str_of(take(std::move(*text)));
}

nb::list KernelDispatcher::inspect_kept(std::string_view stage) {
  nb::list texts;
  const KernelCache::Entries kept = cache_.entries();
  for (const auto& entry : kept) {
    const types::ConstantId callee = callee_for(entry->space);
    texts.append(str_of(take([&] {
      ReleaseGil released;
      return interpreter_->session().inspect(callee, entry->code->artifact.arguments, stage_of(stage),
                                             entry->space.rank, target_for(entry->compiled_for));
    }())));
  }
  return texts;
}

nb::tuple KernelDispatcher::module(size_t rank, std::string_view item, nb::tuple arguments, uint32_t version) {
  KernelSpace space = space_of(rank, item);
  arguments = with_defaults(std::move(arguments), space);
  KernelArguments given = read(arguments, space);
  types::ConstantId callee = callee_for(space);
  auto emitted = ask_for_key(
      *interpreter_, given.buffer().words(), [&](driver::Session& session, std::vector<types::TypeId> types) {
        return session.emit_kernel(callee, with_item(std::move(types), space), space.rank, target_for({}), version);
      });
  if (!emitted) throw nb::python_error();
  const driver::CompiledKernel code = take(std::move(*emitted));
  nb::list values;
  const std::span<const level_zero::Argument> passed = given.values(code);
  for (size_t i = 0; i < passed.size(); ++i) {
    const level_zero::Argument& value = passed[i];
    if (!value.value)
      values.append(nb::make_tuple("local", value.size));
    else if (code.arguments[i].is_data)
      values.append(nb::make_tuple("address", *static_cast<const uint64_t*>(value.value)));
    else
      values.append(nb::make_tuple("value", nb::bytes(value.value, value.size)));
  }
  std::vector<std::byte> errors(sizeof(abi::KernelErrors) + (code.prints ? sizeof(abi::KernelPrints) : 0));
  auto* record = reinterpret_cast<abi::KernelErrors*>(errors.data());
  record->first = abi::kNoKernelError;
  if (code.prints) clear(*prints_behind(*record));
  values.append(nb::make_tuple("errors", nb::bytes(errors.data(), errors.size())));
  return nb::make_tuple(nb::bytes(code.words.data(), code.words.size() * sizeof(uint32_t)), code.artifact.entry,
                        values);
}

nb::dict KernelDispatcher::emit(size_t rank, std::string_view item, nb::handle types, uint32_t version) {
  KernelSpace space = space_of(rank, item);
  std::optional<std::vector<uint64_t>> key = read_key(types.ptr(), *interpreter_);
  if (!key) throw nb::python_error();
  types::ConstantId callee = callee_for(space);
  std::vector<KernelSite> sites;  // the session's tables are read under its lock
  auto emitted = ask_for_key(*interpreter_, *key, [&](driver::Session& session, std::vector<types::TypeId> given) {
    auto code = session.emit_kernel(callee, with_item(std::move(given), space), space.rank, target_for({}), version);
    if (code) sites = sites_of(*code, session.universe());
    return code;
  });
  if (!emitted) throw nb::python_error();
  const driver::CompiledKernel code = take(std::move(*emitted));
  // Nobody else knows where its lines are, or what is to be copied into its module.
  if (code.prints) refuse_export("prints");
  if (!code.global_arrays.empty()) refuse_export("has a global array of more than 65532 elements");
  return describe_interface(code, sites, space.item ? 1 : 0);
}

/// launch(queue, context, item, global_size, local_size, offset, arguments, after, wait), by position.
PyObject* launch(PyObject* self, PyObject* const* given, Py_ssize_t count) {
  return call_guarded([&] {
    if (count != 9 || !PyUnicode_Check(given[2]) || !PyTuple_Check(given[6]) || !nb::inst_ready(self))
      fail(PyExc_TypeError, "this is no call of KernelDispatcher.launch");
    Py_ssize_t length = 0;
    const char* item = PyUnicode_AsUTF8AndSize(given[2], &length);
    if (!item) throw nb::python_error();
    return nb::steal(make_event(nb::inst_ptr<KernelDispatcher>(self)->launch(
        queue_of(given[0]), queue_of(given[1]), std::string_view(item, static_cast<size_t>(length)), given[3], given[4],
        given[5], nb::borrow<nb::tuple>(given[6]), given[7], given[8] == Py_True)));
  });
}

PyMethodDef kMethods[] = {{"launch", as_method(&launch), METH_FASTCALL, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyType_Slot kSlots[] = {{Py_tp_methods, kMethods}, {0, nullptr}};

}  // namespace

void launch_row(nb::handle dispatcher, const QueueRef& queue, int64_t items, bool in_groups_of_one,
                KernelArguments& arguments, bool brief) {
  nb::inst_ptr<KernelDispatcher>(dispatcher)->launch_row(queue, items, in_groups_of_one, arguments, brief);
}

void add_kernels(nb::module_& module) {
  module.def("functions_held", [] {
    Interpreter* interpreter = Interpreter::get();
    if (!interpreter) throw nb::python_error();
    ReleaseGil released;
    return interpreter->session().function_count();
  });
  nb::class_<KernelDispatcher>(module, "KernelDispatcher", nb::type_slots(kSlots))
      .def(nb::init<nb::object, nb::dict, const std::vector<uint8_t>&, size_t, bool, uint32_t, bool>(),
           nb::arg("function"), nb::arg("options"), nb::arg("accesses"), nb::arg("cache_size"), nb::arg("cached"),
           nb::arg("sub_group_size"), nb::arg("check"))
      .def_prop_ro("py_func", &KernelDispatcher::function)
      .def("specialisations", &KernelDispatcher::specialisations)
      .def("study", &KernelDispatcher::study, nb::arg("index"))
      .def("declare", &KernelDispatcher::declare, nb::arg("declarations"))
      .def("compile", &KernelDispatcher::compile, nb::arg("rank"), nb::arg("item"), nb::arg("types"))
      .def("launch_layouts", &KernelDispatcher::launch_layouts, nb::arg("queue"), nb::arg("global_size"),
           nb::arg("local_size"), nb::arg("arguments"),
           "Launch and wait to the end; NumPy arrays say where arrays lie in memory of the queue's device, kept by the "
           "caller.")
      .def("inspect", &KernelDispatcher::inspect, nb::arg("queue").none(), nb::arg("rank"), nb::arg("item"),
           nb::arg("arguments"), nb::arg("stage"))
      .def("emit", &KernelDispatcher::emit, nb::arg("rank"), nb::arg("item"), nb::arg("types"), nb::arg("version"))
      .def("inspect_kept", &KernelDispatcher::inspect_kept, nb::arg("stage"))
      .def("module", &KernelDispatcher::module, nb::arg("rank"), nb::arg("item"), nb::arg("arguments"),
           nb::arg("version"));
}

}  // namespace metate::ext

#include "compiler/driver/specialisations.h"

#include <algorithm>
#include <utility>

#include "compiler/driver/adapter.h"
#include "compiler/driver/dump.h"
#include "compiler/driver/options.h"
#include "compiler/frontend/build.h"
#include "compiler/infer/infer.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/array_roots.h"
#include "runtime/base/trace.h"

namespace metate::driver {
namespace {

/// Whether there is memory behind the type that outlives a launch; that of a group is gone with the group.
bool holds_results(const types::TypeTable& types, types::TypeId id) {
  const types::Type& type = types[id];
  if (type.kind == types::TypeKind::kArray) return type.space == types::MemorySpace::kGlobal;
  return std::ranges::any_of(type.elements, [&](types::TypeId element) { return holds_results(types, element); });
}

/// Inner functions belong to the session too; everything else is the host's to answer. Writes down what is asked.
class EnvironmentOfFunction final : public frontend::Environment {
 public:
  EnvironmentOfFunction(Specialisations& owner, types::ConstantId callee, std::vector<Question>& questions)
      : owner_(owner),
        callee_(callee),
        source_(owner.source(callee)),
        host_(*source_.environment),
        questions_(questions) {}

  types::ConstantId global(std::string_view name) override {
    return record({.kind = Question::Kind::kGlobal, .name = std::string(name), .answer = host_.global(name)});
  }
  types::ConstantId builtin(std::string_view name) override {
    return record({.kind = Question::Kind::kBuiltin, .name = std::string(name), .answer = host_.builtin(name)});
  }
  bool free_variables_are_parameters() const override { return source_.inner.has_value(); }
  types::ConstantId free_variable(uint32_t index) override {
    return record(
        {.kind = Question::Kind::kFreeVariable, .name = {}, .index = index, .answer = host_.free_variable(index)});
  }
  types::ConstantId attribute(types::ConstantId object, std::string_view name) override {
    return record({.kind = Question::Kind::kAttribute,
                   .name = std::string(name),
                   .object = object,
                   .answer = host_.attribute(object, name)});
  }
  types::ConstantId conversion(std::string_view local) override {
    if (source_.inner) return {};
    return record({.kind = Question::Kind::kConversion, .name = std::string(local), .answer = host_.conversion(local)});
  }
  types::ConstantId itself(uint32_t index) override {
    return source_.inner && source_.inner->is_self[index] ? callee_ : types::ConstantId();
  }
  types::ConstantId inner_function(frontend::InnerFunction function) override {
    std::shared_ptr<const bytecode::CodeObject> code = function.code;
    types::ConstantId callee = owner_.add_function({.code = std::move(code),
                                                    .environment = source_.environment,
                                                    .signature = {},
                                                    .options = source_.options,
                                                    .inner = std::move(function)});
    return record({.kind = Question::Kind::kInnerFunction, .name = {}, .answer = callee});
  }

 private:
  types::ConstantId record(Question question) {
    questions_.push_back(std::move(question));
    return questions_.back().answer;
  }

  Specialisations& owner_;
  types::ConstantId callee_;
  const FunctionSource& source_;
  frontend::Environment& host_;
  std::vector<Question>& questions_;
};

std::string key_of(types::ConstantId callee, std::span<const types::TypeId> arguments, uint64_t options) {
  std::string key = std::to_string(callee.index()) + "/" + std::to_string(options);
  for (types::TypeId type : arguments) key += "," + std::to_string(type.index());
  return key;
}

infer::CalleeSignature signature_of(const frontend::InnerFunction& function, support::SymbolTable& symbols) {
  const bytecode::CodeObject& code = *function.code;
  infer::CalleeSignature signature;
  uint32_t count = code.argument_count + code.keyword_only_count;
  for (uint32_t i = 0; i < count; ++i)
    signature.parameters.push_back(
        {.name = symbols.intern(code.varnames[i]), .default_value = {}, .keyword_only = i >= code.argument_count});
  if (code.flags & bytecode::kVarArgs) {
    signature.parameters.push_back({.name = symbols.intern(code.varnames[count]), .default_value = {}});
    signature.takes_rest = true;
  }
  signature.captured_variables = static_cast<uint32_t>(std::ranges::count(function.is_self, false));
  auto place = static_cast<int32_t>(signature.captured_variables);
  for (const frontend::InnerFunction::Default& value : function.defaults) {
    signature.parameters[value.parameter].default_value = value.constant;
    if (!value.constant) signature.parameters[value.parameter].captured_default = place++;
  }
  return signature;
}

/// Forgets the callees whose calls have been inlined.
void keep_called(const ir::Function& function, std::vector<uint32_t>& callees) {
  std::vector<uint32_t> called;
  ir::walk_insts(function, [&](ir::Inst inst) {
    if (function.inst(inst).opcode == ir::Opcode::kCall)
      called.push_back(function.callees[function.inst(inst).imm].specialisation);
  });
  std::erase_if(callees, [&](uint32_t callee) { return std::ranges::find(called, callee) == called.end(); });
}

}  // namespace

std::string label_of(types::ConstantId callee, std::span<const types::TypeId> arguments, const ir::Universe& universe) {
  std::string label(universe.symbols.name(universe.constants[callee].symbol));
  std::string_view separator = "(";
  for (types::TypeId type : arguments) label += std::string(std::exchange(separator, ", ")) + universe.text(type);
  return label + (arguments.empty() ? "()" : ")");
}

uint32_t Specialisations::index_of(types::ConstantId callee) const {
  return static_cast<uint32_t>(universe_.constants[callee].integer);
}

types::ConstantId Specialisations::add_function(FunctionSource source) {
  if (source.inner) source.signature = signature_of(*source.inner, universe_.symbols);
  types::Constant constant{.kind = types::ConstantKind::kCallee,
                           .symbol = universe_.symbols.intern(source.code->name),
                           .integer = static_cast<int64_t>(sources_.size())};
  sources_.push_back({.source = std::make_unique<FunctionSource>(std::move(source)), .untyped = {}});
  return universe_.constants.intern(constant);
}

types::ConstantId Specialisations::add_adapter(infer::CalleeSignature signature, const ir::FunctionOptions& options) {
  const FunctionSource& target = source(signature.adaptation->target);
  return add_function({.code = target.code,
                       .environment = target.environment,
                       .signature = std::move(signature),
                       .options = options,
                       .inner = {}});
}

const ir::Function* Specialisations::untyped(types::ConstantId callee, bool kernel, support::Diagnostics& diagnostics) {
  uint32_t index = index_of(callee);
  if (!sources_[index].untyped[kernel]) {
    FunctionSource& source = *sources_[index].source;
    if (source.signature.adaptation)
      return &sources_[index].untyped[kernel].emplace(make_adapter(callee, source.signature, *source.code, universe_));
    base::Result<bytecode::DecodedFunction> decoded = bytecode::decode(*source.code);
    if (!decoded) {
      support::Location where{source.code->filename, source.code->name, {source.code->first_line, -1, -1, -1}};
      diagnostics.error(support::MessageId::kMalformedBytecode, where, {source.code->name, decoded.error().message});
      return nullptr;
    }
    ir::FunctionOptions options = source.options;
    options.kernel = kernel;
    std::vector<Question> questions;
    EnvironmentOfFunction environment(*this, callee, questions);
    std::optional<ir::Function> built =
        frontend::build(*source.code, *decoded, environment, universe_, options, diagnostics);
    if (!built) return nullptr;
    sources_[index].untyped[kernel] = std::move(built);
    sources_[index].questions[kernel] = std::move(questions);
  }
  return &*sources_[index].untyped[kernel];
}

const infer::CalleeSignature* Specialisations::signature(types::ConstantId callee) { return &source(callee).signature; }

const Specialisation* Specialisations::find(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                            Purpose purpose, support::Diagnostics& diagnostics) {
  diagnostics_ = &diagnostics;
  purpose_ = purpose;
  std::optional<uint32_t> index = solve(callee, arguments, options_of_root(callee));
  const Specialisation* found = index ? all_[*index].get() : nullptr;
  if (found && purpose.kernel_rank > 0 && !is_kernel(*found)) found = nullptr;
  diagnostics_ = nullptr;
  return found;
}

/// What only the function that is launched has to be; those that it calls may return values and take scalars alone.
bool Specialisations::is_kernel(const Specialisation& root) {
  const bytecode::CodeObject& code = *source(root.callee).code;
  support::Location where{code.filename, code.name, {code.first_line, -1, -1, -1}};
  auto holds_arrays = [&](types::TypeId id) { return transform::holds_arrays(universe_.types, id); };
  bool gives_results =
      std::ranges::any_of(root.arguments, [&](types::TypeId id) { return holds_results(universe_.types, id); });
  for (uint32_t index : closure(root)) {
    if (!all_[index]->is_recursive) continue;
    const bytecode::CodeObject& callee = *source(all_[index]->callee).code;
    support::Location place{callee.filename, callee.name, {callee.first_line, -1, -1, -1}};
    diagnostics_->error(support::MessageId::kNotInKernel, place, {"a function that calls itself"});
    return false;
  }
  if (!gives_results) {
    size_t reported = diagnostics_->all().size();
    diagnostics_->error(support::MessageId::kKernelNoArray, where, {code.name});
    if (std::ranges::any_of(root.arguments, holds_arrays))
      diagnostics_->add_note(reported, {"a LocalAccessor is memory of a work-group, and gone with it", where});
  }
  return gives_results;
}

std::optional<infer::CalleeResult> Specialisations::specialise(types::ConstantId callee,
                                                               std::span<const types::TypeId> arguments,
                                                               const infer::CallSite& call_site) {
  if (diagnostics_->has_errors()) return std::nullopt;  // once is enough: inference asks again where it explains
  size_t reported = diagnostics_->all().size();
  std::optional<uint32_t> index = solve(callee, arguments, options_of_callee(callee, call_site.in_nest));
  if (!index) {
    std::string types;
    for (types::TypeId type : arguments) types += (types.empty() ? "" : ", ") + universe_.describe(type);
    std::string name(universe_.symbols.name(universe_.constants[callee].symbol));
    diagnostics_->add_note(reported, {"'" + name + "' is called with (" + types + ") here", call_site.place});
    return std::nullopt;
  }
  if (!stack_.empty()) {
    std::vector<uint32_t>& callees = all_[stack_.back().index]->callees;
    if (std::find(callees.begin(), callees.end(), *index) == callees.end()) callees.push_back(*index);
    all_[stack_.back().index]->has_warnings |= all_[*index]->has_warnings;
  }
  return infer::CalleeResult{.callee = {all_[*index]->name, *index}, .return_type = all_[*index]->return_type};
}

/// The function being solved calls one that is being solved too, or that stands on the assumption about such a one: all
/// that are being solved above that call each other in a ring.
void Specialisations::depend_on(uint32_t found) {
  size_t depth = stack_.size();
  for (size_t i = 0; i < stack_.size(); ++i)
    if (stack_[i].index == found) depth = i;
  if (depth < stack_.size()) stack_[depth].recursive = true;
  for (const Provisional& provisional : provisional_)
    if (provisional.index == found) depth = provisional.deepest_user;
  for (size_t above = depth + 1; above < stack_.size(); ++above)
    stack_[above].deepest_user = std::min(stack_[above].deepest_user, depth);
}

/// Recursive groups: whoever is called while being solved answers with the return type found so far, and is solved
/// again until that type stays the same. Members of the group solved meanwhile stood on the assumption, so they are
/// forgotten before each new round, and so is what called them since.
std::optional<uint32_t> Specialisations::solve(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                               const ir::FunctionOptions& options) {
  std::string key = key_of(callee, arguments, options_key(options));
  if (auto found = by_key_.find(key); found != by_key_.end()) {
    depend_on(found->second);
    return found->second;
  }

  uint32_t index = free_index();
  std::string name(universe_.symbols.name(universe_.constants[callee].symbol));
  auto specialisation = std::make_unique<Specialisation>();
  specialisation->callee = callee;
  specialisation->options = options;
  specialisation->arguments.assign(arguments.begin(), arguments.end());
  specialisation->name = universe_.symbols.intern(name + "." + std::to_string(index));
  specialisation->return_type = universe_.types.unknown();
  all_[index] = std::move(specialisation);
  by_key_.emplace(key, index);

  size_t depth = stack_.size();
  size_t first_provisional = provisional_.size();
  stack_.push_back({.index = index, .recursive = false, .deepest_user = depth});
  bool good;
  while (true) {
    types::TypeId assumed = all_[index]->return_type;
    good = infer_once(index);
    if (!good || !stack_.back().recursive || all_[index]->return_type == assumed) break;
    // A new round: forget what was solved on the old assumption.
    for (size_t i = first_provisional; i < provisional_.size(); ++i)
      std::erase_if(by_key_, [&](const auto& entry) { return entry.second == provisional_[i].index; });
    provisional_.resize(first_provisional);
  }
  Active active = stack_.back();
  stack_.pop_back();
  if (good && active.deepest_user == depth && all_[index]->return_type == universe_.types.unknown()) {
    const bytecode::CodeObject& code = *source(callee).code;
    support::Location where{code.filename, code.name, {code.first_line, -1, -1, -1}};
    diagnostics_->error(support::MessageId::kNoRecursionBase, where, {code.name});
    good = false;
  }
  if (good && active.deepest_user < depth) {
    provisional_.push_back({index, active.deepest_user});
  } else {
    provisional_.resize(first_provisional);
  }
  if (!good) {
    by_key_.erase(key);
    return std::nullopt;
  }
  all_[index]->is_recursive = active.recursive || active.deepest_user < depth;
  return index;
}

ir::FunctionOptions Specialisations::options_of(types::ConstantId callee) const {
  ir::FunctionOptions options = source(callee).options;
  options.kernel = purpose_.kernel_rank > 0;
  if (options.kernel) options.kernel_rank = purpose_.kernel_rank;
  options.offload = purpose_.offload;
  return options;
}

/// Compute follows data: the array expressions of a function that is called with arrays of a device run there, whether
/// it is parallel on the CPU or not.
ir::FunctionOptions Specialisations::options_of_root(types::ConstantId callee) const {
  ir::FunctionOptions options = options_of(callee);
  options.parallel |= purpose_.offload;
  return options;
}

/// Of what is called by the function that is being solved. In calls that belong to a device, the host's part takes its
/// callees along, but loops of the device take no function that makes kernels of its own and storage for their results.
/// Other calls keep to what the callee's own decorator says; an adapter that only converts arguments stands for the
/// function behind it.
ir::FunctionOptions Specialisations::options_of_callee(types::ConstantId callee, bool in_nest) const {
  ir::FunctionOptions options = options_of(callee);
  if (stack_.empty()) return options;
  const Specialisation& caller = *all_[stack_.back().index];
  if (options.offload) {
    options.parallel = caller.options.parallel && !in_nest;
    return options;
  }
  const std::optional<infer::Adaptation>& adaptation = source(caller.callee).signature.adaptation;
  if (adaptation && adaptation->kind == infer::Adaptation::Kind::kConverted) options.parallel = caller.options.parallel;
  return options;
}

/// Functions that nothing will change any more: neither being solved nor solved on an assumption.
class Specialisations::SolvedBodies final : public transform::CalleeBodies {
 public:
  explicit SolvedBodies(const Specialisations& owner) : owner_(owner) {}

  const ir::Function* body(const ir::CalleeRef& callee) const override {
    const uint32_t index = callee.specialisation;
    const Specialisation& found = *owner_.all_[index];
    const bool is_open =
        std::ranges::find(owner_.stack_, index, &Active::index) != owner_.stack_.end() ||
        std::ranges::find(owner_.provisional_, index, &Provisional::index) != owner_.provisional_.end();
    return is_open || found.is_recursive || !found.function ? nullptr : &*found.function;
  }

 private:
  const Specialisations& owner_;
};

std::optional<ir::Function> Specialisations::make(const Specialisation& specialisation, const StageObserver& observe) {
  base::TimedSpan span(base::SpanKind::kStage, "infer", base::is_traced() ? label_of(specialisation, universe_) : "");
  const ir::Function* untyped_function = [&] {
    base::TimedSpan reading(base::SpanKind::kStage, "frontend");
    return untyped(specialisation.callee, purpose_.kernel_rank > 0, *diagnostics_);
  }();
  if (!untyped_function) return std::nullopt;
  observe("frontend", *untyped_function);
  std::optional<ir::Function> typed =
      infer::infer(*untyped_function, specialisation.arguments, *this, specialisation.options, *diagnostics_);
  if (!typed || diagnostics_->has_errors()) return std::nullopt;
  typed->name = specialisation.name;
  if (typed->return_type == universe_.types.unknown()) return typed;
  return run_pipeline(*typed, SolvedBodies(*this), *diagnostics_, observe) ? std::move(typed) : std::nullopt;
}

bool Specialisations::infer_once(uint32_t index) {
  Specialisation& specialisation = *all_[index];
  specialisation.callees.clear();
  const size_t reported = diagnostics_->all().size();
  std::optional<ir::Function> typed = make(specialisation, dump_stages(specialisation.name, universe_));
  if (!typed) return false;
  specialisation.return_type = typed->return_type;
  if (typed->return_type == universe_.types.unknown()) {
    specialisation.function.reset();
    return true;
  }
  specialisation.has_warnings |= diagnostics_->all().size() > reported;
  keep_called(*typed, specialisation.callees);
  specialisation.function = std::move(typed);
  return true;
}

bool Specialisations::replay(const Specialisation& specialisation, Purpose purpose, support::Diagnostics& diagnostics,
                             const StageObserver& observe) {
  diagnostics_ = &diagnostics;
  purpose_ = purpose;
  const bool good = make(specialisation, observe).has_value();
  diagnostics_ = nullptr;
  return good;
}

uint32_t Specialisations::number_of(const Specialisation& specialisation) const {
  auto found = std::ranges::find_if(all_, [&](const auto& each) { return each.get() == &specialisation; });
  return static_cast<uint32_t>(found - all_.begin());
}

uint32_t Specialisations::free_index() {
  if (free_.empty()) {
    all_.emplace_back();
    return static_cast<uint32_t>(all_.size() - 1);
  }
  uint32_t index = free_.back();
  free_.pop_back();
  return index;
}

void Specialisations::forget(const Specialisation& root, const std::function<bool(const Specialisation&)>& is_kept) {
  const std::vector<uint32_t> candidates = closure(root);
  std::vector<uint8_t> goes(all_.size());
  for (uint32_t index : candidates) goes[index] = !is_kept(*all_[index]);
  // What is called by one that stays, stays, and so on.
  std::vector<uint32_t> work;
  for (uint32_t index = 0; index < all_.size(); ++index)
    if (all_[index] && !goes[index]) work.push_back(index);
  while (!work.empty()) {
    uint32_t caller = work.back();
    work.pop_back();
    for (uint32_t callee : all_[caller]->callees) {
      if (!goes[callee]) continue;
      goes[callee] = 0;
      work.push_back(callee);
    }
  }
  std::erase_if(by_key_, [&](const auto& entry) { return goes[entry.second] != 0; });
  for (uint32_t index : candidates) {
    if (!goes[index]) continue;
    all_[index].reset();
    free_.push_back(index);
  }
}

std::vector<uint32_t> Specialisations::closure(const Specialisation& root) const {
  std::vector<uint32_t> order;
  std::vector<uint8_t> seen(all_.size());
  auto add = [&](uint32_t index) {
    if (seen[index]) return;
    seen[index] = 1;
    order.push_back(index);
  };
  add(number_of(root));
  for (size_t i = 0; i < order.size(); ++i)
    for (uint32_t callee : all_[order[i]]->callees) add(callee);
  return order;
}

}  // namespace metate::driver

#include "runtime/ze_software/program_builder.h"

#include <llvm/IR/GlobalVariable.h>

#include <algorithm>
#include <charconv>

#include "runtime/jit/crash_guard.h"
#include "runtime/ze_software/check/calls.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/kernel_clock.h"
#include "runtime/ze_software/kernel_printf.h"
#include "runtime/ze_software/memory_kind.h"
#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/work_group.h"

namespace metate::ze_software {

/// What comes of the SPIR-V before it is machine code.
struct Translation {
  bool done = false;  // or in its place, `spirv.imports` has one that is missing
  spirv::Module spirv;
  std::vector<CompiledKernel> kernels;  // one for each of spirv.kernels
};

namespace {

#ifdef METATE_ASSERTIONS
constexpr bool kVerify = true;
#else
constexpr bool kVerify = false;
#endif

bool is_complete(const spirv::Module& module) {
  return std::all_of(module.imports.begin(), module.imports.end(), [](const auto& import) { return import.resolved; });
}

/// Empty when the device has enough of all.
std::string excess_of(const CompiledKernel& kernel) {
  if (kernel.local_bytes > kMaxLocalMemory) {
    return "it needs " + std::to_string(kernel.local_bytes) + " bytes of local memory, the device has " +
           std::to_string(kMaxLocalMemory);
  }
  if (kernel.argument_bytes > kMaxArgumentBytes) {
    return "its arguments take " + std::to_string(kernel.argument_bytes) + " bytes, the device takes " +
           std::to_string(kMaxArgumentBytes);
  }
  return {};
}

void refuse_too_large(std::span<CompiledKernel> kernels, std::string& log) {
  for (CompiledKernel& kernel : kernels) {
    if (!kernel.refusal.empty()) continue;
    kernel.refusal = excess_of(kernel);
    if (kernel.refusal.empty()) continue;
    log.append("note: kernel '" + kernel.name + "' cannot run: " + kernel.refusal + "\n");
  }
}

const spirv::Export* find_export_of(const ProgramUnit& unit, std::string_view name) {
  for (const spirv::Export& exported : unit.exports) {
    if (exported.name == name) return &exported;
  }
  return nullptr;
}

}  // namespace

const void* find_runtime_symbol(std::string_view name) {
  if (name == kKernelPrintfSymbol) return reinterpret_cast<const void*>(&metate_kernel_printf);
  if (name == kKernelClockSymbol) return reinterpret_cast<const void*>(&metate_kernel_clock);
  if (name == kMemoryKindSymbol) return reinterpret_cast<const void*>(&metate_memory_kind);
  return check::find_call(name);
}

std::string kernel_symbol(size_t index) { return "metate.kernel." + std::to_string(index); }

const ProgramUnit& ProgramBuilder::unit_of(unsigned part) const {
  if (part < units_.size()) return units_[part];
  const Exporter& lender = borrowed_[part - units_.size()];
  return lender.program->units()[lender.unit];
}

/// The number of that unit of another program among the parts.
unsigned ProgramBuilder::borrow(const Exporter& exporter) {
  auto same = [&](const Exporter& known) { return known.program == exporter.program && known.unit == exporter.unit; };
  auto found = std::find_if(borrowed_.begin(), borrowed_.end(), same);
  if (found == borrowed_.end()) found = borrowed_.insert(found, exporter);
  return static_cast<unsigned>(units_.size() + static_cast<size_t>(found - borrowed_.begin()));
}

/// Among the modules to compile and those on offer, in this order. Who finds two is not to choose between them.
std::optional<unsigned> ProgramBuilder::find_export(unsigned importer, const std::string& name) {
  const spirv::Export* first = nullptr;
  Exporter chosen;
  auto consider = [&](const ProgramUnit& unit, const Exporter& exporter) {
    const spirv::Export* found = find_export_of(unit, name);
    if (!found) return;
    if (first && !(first->may_repeat && found->may_repeat)) {
      if (!ambiguous_) write_error("'" + name + "' is imported, but more than one module exports it");
      ambiguous_ = true;
    }
    if (first) return;
    first = found;
    chosen = exporter;
  };
  for (unsigned i = 0; i < units_.size(); ++i) {
    if (i != importer) consider(units_[i], {nullptr, i});
  }
  for (const Exporter& offer : offers_) consider(offer.program->units()[offer.unit], offer);
  if (!first) return std::nullopt;
  units_[importer].exporters[name] = chosen;
  return chosen.program ? borrow(chosen) : chosen.unit;
}

std::optional<unsigned> ProgramBuilder::find_import(unsigned part, const std::string& name) {
  if (part < units_.size()) return find_export(part, name);
  // What other programs import was found when they were linked.
  const Exporter lender = borrowed_[part - units_.size()];
  const auto& known = lender.program->units()[lender.unit].exporters;
  auto found = known.find(name);
  if (found == known.end()) return std::nullopt;
  return borrow({found->second.program ? found->second.program : lender.program, found->second.unit});
}

/// Each part may bring further ones along.
bool ProgramBuilder::read_parts(spirv::Module& module) {
  for (unsigned part = 0; part < units_.size() + borrowed_.size(); ++part) {
    const bool own = part < units_.size();
    std::vector<spirv::SpecializationConstant> constants = own ? given_[part] : decltype(constants)();
    for (const spirv::ConstantBytes& constant : unit_of(part).constants) {
      constants.push_back({constant.id, constant.value.data()});
    }
    spirv::ReadOptions options;
    options.constants = constants;
    options.part = part;
    options.borrowed = !own;
    options.for_check = checked_memory_ != nullptr;
    options.find_import = [&](std::string_view name) { return find_import(part, std::string(name)); };
    if (!spirv::read_module(module, unit_of(part).spirv, options, log_)) return false;
    if (own) units_[part].constants = std::move(module.used_constants);
  }
  if (units_.size() + borrowed_.size() > 1) module.conventions = {};  // what one part says the others need not keep to
  for (auto& [key, value] : module.links) {
    const bool missing = llvm::isa<llvm::Function>(value) && value->isDeclaration() && !value->use_empty();
    if (!missing || !is_complete(module)) continue;
    write_error("function '" + key.substr(key.find('.') + 1) + "' is exported, but has no body");
    return false;
  }
  return !ambiguous_;
}

/// The function that is wanted by its address, if one is.
bool ProgramBuilder::export_function(spirv::Module& module) {
  if (function_.empty()) return true;
  auto* function = llvm::dyn_cast_or_null<llvm::Function>(module.links[spirv::link_key(0, function_)]);
  if (!function || function->isDeclaration()) return write_error("there is no function '" + function_ + "'"), false;
  function->setLinkage(llvm::GlobalValue::ExternalLinkage);
  function->setName(kFunctionSymbol);
  return true;
}

/// What is left of the questions for items, once the kernels have theirs answered, is in functions called by address.
bool ProgramBuilder::asks_for_no_item(llvm::Module& module) {
  for (const llvm::Function& function : module) {
    if (!function.isDeclaration() || function.use_empty() || !function.getName().starts_with("metate.")) continue;
    const llvm::StringRef name = function.getName();
    if (name != spirv::kItemQuery && name != spirv::kLocalVariable && !spirv::waits_for_items(function)) continue;
    write_error("a function that is called by its address asks for its work-item: only calls by name tell it");
    return false;
  }
  return true;
}

void ProgramBuilder::translate(Translation& translation) {
  spirv::Module& module = translation.spirv;
  if (!read_parts(module) || !export_function(module)) return;
  if (is_complete(module)) {
    std::vector<std::string> symbols;
    translation.kernels = work_group::make_entries(module, symbols, checked_memory_ != nullptr);
    if (!asks_for_no_item(*module.module)) return;
  }
  translation.done = true;
}

/// There is a kernel that can run, or none that one might miss.
bool ProgramBuilder::is_of_use() const {
  bool has_kernels = false;
  for (const ProgramUnit& unit : units_) {
    auto runs = [](const CompiledKernel& kernel) { return kernel.refusal.empty(); };
    if (std::any_of(unit.kernels.begin(), unit.kernels.end(), runs)) return true;
    has_kernels |= !unit.kernels.empty();
  }
  return !has_kernels;
}

/// Says what is missing; false when that is an error.
bool ProgramBuilder::check_imports(const spirv::Module& module, bool must_link) {
  for (const spirv::Import& import : module.imports) {
    if (import.part < units_.size()) units_[import.part].imports.push_back(import.name);
    if (import.resolved) continue;
    log_.append(must_link ? "error" : "note");
    log_.append(": '" + import.name + "' is imported, but no module exports it");
    log_.append(must_link ? "\n" : " yet: the module must be linked before its kernels can run\n");
  }
  return !must_link || is_complete(module);
}

/// Where the variables of borrowed parts are.
const void* ProgramBuilder::find_symbol(std::string_view name) const {
  constexpr std::string_view kPrefix = "spirv.";
  if (!name.starts_with(kPrefix)) return find_runtime_symbol(name);
  const std::string_view number = name.substr(kPrefix.size());
  unsigned part = 0;
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), part);
  if (error != std::errc() || part < units_.size() || part - units_.size() >= borrowed_.size()) return nullptr;
  const Exporter& lender = borrowed_[part - units_.size()];
  const std::string_view rest = number.substr(static_cast<size_t>(end - number.data()));
  return lender.program->find_symbol(std::string(kPrefix) + std::to_string(lender.unit) + std::string(rest));
}

bool ProgramBuilder::compile(jit::Jit& jit, jit::OwnedModule module, bool optimise) {
  jit::CompileOptions options;
  options.optimisation = optimise && !checked_memory_ ? 2 : 0;
  options.verify = kVerify;
  base::Result<jit::Compiled> compiled = jit.compile(std::move(module), options);
  if (!compiled) return write_error(compiled.error().message), false;
  auto find = [this](std::string_view name) { return find_symbol(name); };
  base::Result<std::unique_ptr<jit::LinkedCode>> code = jit.link(compiled->object, find);
  if (!code) return write_error(code.error().message), false;
  program_->bind(std::move(*code));
  // What the checker knows of a kernel is not in its machine code.
  if (borrowed_.empty() && !checked_memory_) program_->object_ = std::move(compiled->object);
  return true;
}

std::shared_ptr<const Program> ProgramBuilder::build_function(const std::string& name, bool optimise) {
  function_ = name;
  borrowed_ = offers_;
  return build(optimise, /*must_link=*/true);
}

std::shared_ptr<const Program> ProgramBuilder::build(bool optimise, bool must_link) {
  base::Result<jit::Jit*> jit = driver_.jit();
  if (!jit) return write_error(jit.error().message), nullptr;
  jit::OwnedModule owned = (*jit)->new_module("spirv");

  // 1. SPIR-V to LLVM IR that runs ranges of items. What SPIR-V there is, no fault in it may take the process along.
  Translation translation;
  translation.spirv.module = std::move(owned.module);
  const base::Status guarded = jit::run_guarded("read SPIR-V", [&] { translate(translation); });
  if (!guarded) {
    (void)translation.spirv.module.release();  // LLVM left them in the middle of something
    (void)owned.context.release();
    return write_error(guarded.error().message), nullptr;
  }
  spirv::Module& module = translation.spirv;
  if (!translation.done || !check_imports(module, must_link)) return nullptr;
  refuse_too_large(translation.kernels, log_);

  // 2. What the API tells of each module.
  const bool complete = is_complete(module);
  for (size_t i = 0; i < module.kernels.size(); ++i) {
    CompiledKernel named{.name = module.kernels[i].name, .refusal = module.kernels[i].refusal};
    units_[module.kernels[i].part].kernels.push_back(complete ? std::move(translation.kernels[i]) : std::move(named));
  }
  for (const spirv::ExportedGlobal& global : module.exported_globals) {
    const uint64_t size = module.module->getDataLayout().getTypeAllocSize(global.variable->getValueType());
    units_[global.part].globals.push_back({global.name, global.variable->getName().str(), size});
  }
  if (!is_of_use()) return write_error("the device can run no kernel of the module"), nullptr;
  program_.reset(new Program);
  program_->optimised_ = optimise;
  program_->checked_memory_ = checked_memory_;
  program_->units_ = units_;

  // 3. To machine code.
  owned.module = std::move(module.module);
  if (complete && !compile(**jit, std::move(owned), optimise)) return nullptr;
  return program_;
}

}  // namespace metate::ze_software

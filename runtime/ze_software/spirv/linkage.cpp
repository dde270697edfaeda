// linkage – what modules export to one another and import: names, and the LLVM values that stand for them.
#include <cstring>
#include <unordered_map>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

std::string link_key(unsigned part, std::string_view name) { return std::to_string(part) + "." + std::string(name); }

std::string variable_symbol(unsigned part, uint32_t id) {
  return "spirv." + std::to_string(part) + ".variable." + std::to_string(id);
}

std::optional<LinkageName> linkage_name(std::span<const uint32_t> decoration_operands) {
  std::span<const uint32_t> type;
  std::string name = read_string(decoration_operands, &type);
  if (name.empty() || type.empty()) return std::nullopt;
  return LinkageName{std::move(name), static_cast<spv::LinkageType>(type[0])};
}

std::string Reader::import_name(uint32_t id) const {
  const Decoration* linkage = decoration(id, spv::Decoration::LinkageAttributes);
  std::optional<LinkageName> linked = linkage ? linkage_name(linkage->operands) : std::nullopt;
  return linked && linked->type == spv::LinkageType::Import ? linked->name : std::string();
}

std::string Reader::export_name(uint32_t id) const {
  const Decoration* linkage = decoration(id, spv::Decoration::LinkageAttributes);
  std::optional<LinkageName> linked = linkage ? linkage_name(linkage->operands) : std::nullopt;
  return linked && linked->type != spv::LinkageType::Import ? linked->name : std::string();
}

/// The key of what should be there under that name in another part.
std::optional<std::string> Reader::import_key(const std::string& name) const {
  const std::optional<unsigned> part = options_.find_import ? options_.find_import(name) : std::nullopt;
  if (!part) return std::nullopt;
  return link_key(*part, name);
}

/// Declared by whichever part comes first; null (and failed) when two parts do not mean the same thing.
llvm::Function* Reader::linked_function(const std::string& key, llvm::FunctionType* type) {
  llvm::GlobalValue*& linked = result_.links[key];
  if (!linked) {
    linked = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "spirv.link." + key, module());
  }
  auto* function = llvm::dyn_cast<llvm::Function>(linked);
  if (function && function->getFunctionType() == type) return function;
  fail("function '" + key.substr(key.find('.') + 1) + "' is imported with another type than it is exported with");
  return nullptr;
}

llvm::GlobalVariable* Reader::linked_variable(const std::string& key, llvm::Type* held) {
  llvm::GlobalValue*& linked = result_.links[key];
  if (!linked) {
    linked = new llvm::GlobalVariable(module(), held, false, llvm::GlobalValue::ExternalLinkage, nullptr,
                                      "spirv.link." + key);
  }
  auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(linked);
  if (variable && variable->getValueType() == held) return variable;
  fail("variable '" + key.substr(key.find('.') + 1) + "' is imported with another type than it is exported with");
  return nullptr;
}

/// The function behind OpFunction, not yet with a body.
llvm::Function* Reader::make_function(const Instruction& instruction, llvm::FunctionType* type) {
  if (const std::string imported = import_name(instruction.result); !imported.empty()) {
    if (std::optional<std::string> key = import_key(imported)) return linked_function(*key, type);
  }
  if (const std::string exported = export_name(instruction.result); !exported.empty()) {
    // What an importer has said of the parameters is not what this module says.
    llvm::Function* function = linked_function(link_key(options_.part, exported), type);
    if (function) function->setAttributes({});
    return function;
  }
  return llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "spirv." + name(instruction.result),
                                module());
}

/// A variable of the whole program. What others may refer to, now or in a program that is linked with this one later,
/// has a symbol.
void Reader::read_variable(const Instruction& instruction, llvm::Type* held) {
  const uint32_t id = instruction.result;
  if (const std::string imported = import_name(id); !imported.empty()) {
    std::optional<std::string> key = import_key(imported);
    if (!key) key = "unknown." + imported;
    llvm::GlobalVariable* variable = linked_variable(*key, held);
    imported_variables_.emplace_back(imported, variable);
    define(instruction, variable);
    return;
  }
  const bool constant = static_cast<spv::StorageClass>(instruction.operands[0]) == spv::StorageClass::UniformConstant;
  const std::string exported = export_name(id);
  const bool has_symbol = !exported.empty() || (!constant && (exports_functions_ || options_.borrowed));
  const std::string symbol = has_symbol ? variable_symbol(options_.part, id) : "spirv." + name(id);
  llvm::GlobalVariable* variable =
      exported.empty() ? new llvm::GlobalVariable(module(), held, constant, llvm::GlobalValue::ExternalLinkage, nullptr)
                       : linked_variable(link_key(options_.part, exported), held);
  if (!variable) return;
  variable->setName(symbol);
  variable->setConstant(constant);
  define(instruction, variable);
  if (options_.borrowed && has_symbol) return;
  if (!has_symbol) variable->setLinkage(llvm::GlobalValue::InternalLinkage);
  variable->setInitializer(initial_value(instruction, held));
  if (const Decoration* alignment = decoration(id, spv::Decoration::Alignment)) {
    if (llvm::isPowerOf2_32(alignment->operands[0])) {
      variable->setAlignment(llvm::Align(std::min(alignment->operands[0], kMaxAlignment)));
    }
  }
  if (!exported.empty()) result_.exported_globals.push_back({exported, options_.part, variable});
}

/// Lists the imports that are used. A function without a name for others to define must not be missing.
void Reader::list_imports() {
  for (const Instruction* import : imported_functions_) {
    const std::string imported = import_name(import->result);
    llvm::Function* declared = functions_[import->result];
    const bool resolved = !imported.empty() && import_key(imported).has_value();
    if (!declared->use_empty() && imported.empty()) {
      return fail("function '" + name(import->result) + "' is called but not defined");
    }
    if (!declared->use_empty()) {
      result_.imports.push_back({imported, options_.part, resolved});
    } else if (!resolved && export_name(import->result).empty()) {
      declared->eraseFromParent();
      functions_.erase(import->result);  // an entry point may name it
    }
  }
  for (auto& [imported, variable] : imported_variables_) {
    if (variable->use_empty()) continue;
    result_.imports.push_back({imported, options_.part, import_key(imported).has_value()});
  }
}

// Of the words alone: a module that cannot be read exports nothing that anyone could use.
std::vector<Export> read_exports(std::span<const std::byte> spirv) {
  constexpr size_t kHeaderWords = 5;
  if (spirv.size() < kHeaderWords * sizeof(uint32_t)) return {};
  std::vector<uint32_t> words(spirv.size() / sizeof(uint32_t));
  std::memcpy(words.data(), spirv.data(), words.size() * sizeof(uint32_t));
  std::unordered_map<uint32_t, LinkageName> exported;  // by id
  std::vector<Export> exports;
  for (size_t at = kHeaderWords; at < words.size();) {
    const size_t length = words[at] >> 16;
    const auto opcode = static_cast<spv::Op>(words[at] & 0xffff);
    if (length == 0 || length > words.size() - at) break;
    const std::span<const uint32_t> operands = std::span(words).subspan(at + 1, length - 1);
    at += length;
    if (opcode == spv::Op::OpDecorate && operands.size() > 2 &&
        static_cast<spv::Decoration>(operands[1]) == spv::Decoration::LinkageAttributes) {
      std::optional<LinkageName> linked = linkage_name(operands.subspan(2));
      if (linked && linked->type != spv::LinkageType::Import) exported.insert({operands[0], std::move(*linked)});
    }
    const bool is_function = opcode == spv::Op::OpFunction;
    if ((!is_function && opcode != spv::Op::OpVariable) || operands.size() < 2) continue;
    auto found = exported.find(operands[1]);
    if (found == exported.end()) continue;
    exports.push_back({found->second.name, is_function, found->second.type == spv::LinkageType::LinkOnceODR});
  }
  return exports;
}

}  // namespace metate::ze_software::spirv

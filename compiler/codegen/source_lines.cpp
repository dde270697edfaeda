#include "compiler/codegen/source_lines.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <string>

namespace metate::codegen {
namespace {

unsigned number(int32_t line_or_column) { return static_cast<unsigned>(std::max(line_or_column, 0)); }

/// What a debugger calls a function of the module: the Python function that it has code of, which is `name`. Iterations
/// of a parallel nest and the entry from Python are functions of their own.
std::string display_name(const std::string& name, std::string_view symbol, std::string_view target) {
  if (name.empty() || target.starts_with("metate_entry_")) return std::string(target);
  return target == symbol ? name : name + ".parallel";
}

}  // namespace

SourceLines::SourceLines(llvm::Module& module, const ir::Universe& universe) : universe_(universe), builder_(module) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  builder_.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_Python), file({}), "metate",
                             /*isOptimized=*/true, "", 0, "", llvm::DICompileUnit::FullDebug);
}

llvm::DIFile* SourceLines::file(support::Symbol name) {
  llvm::DIFile*& found = files_[name ? name.index() + 1 : 0];
  if (!found) found = builder_.createFile(name ? std::string(universe_.symbols.name(name)) : "metate", "");
  return found;
}

/// Without a linkage name, which debuggers would show in place of the name.
llvm::DISubprogram* SourceLines::subprogram(const ir::SourcePlace& place, const std::string& name) {
  llvm::DIFile* in = file(place.file);
  const unsigned line = number(place.range.line);
  return builder_.createFunction(
      in, name, "", in, line, builder_.createSubroutineType(builder_.getOrCreateTypeArray({})), line,
      llvm::DINode::FlagZero, llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized);
}

void SourceLines::begin(const ir::Function& function, llvm::Function& target, llvm::IRBuilder<>& builder) {
  auto known = std::ranges::find_if(function.sources, [](const ir::SourcePlace& place) { return place.range.known(); });
  const ir::SourcePlace place = known == function.sources.end() ? ir::SourcePlace() : *known;
  const std::string name = place.function ? std::string(universe_.symbols.name(place.function)) : std::string();
  llvm::DISubprogram* made =
      subprogram(place, display_name(name, universe_.symbols.name(function.name), target.getName()));
  target.setSubprogram(made);
  scopes_[{&target, place.file.index()}] = made;
  builder.SetCurrentDebugLocation(llvm::DILocation::get(target.getContext(), number(place.range.line), 0, made));
}

llvm::DIScope* SourceLines::scope(const ir::SourcePlace& place, llvm::Function& target) {
  llvm::DIScope*& found = scopes_[{&target, place.file.index()}];
  if (!found) found = builder_.createLexicalBlockFile(target.getSubprogram(), file(place.file));
  return found;
}

/// Code that stands for a call is that of its callee, inlined at the call.
llvm::DILocation* SourceLines::location(const ir::Function& function, const ir::SourcePlace& place,
                                        llvm::Function& target) {
  const unsigned line = number(place.range.line), column = number(place.range.column);
  llvm::LLVMContext& context = target.getContext();
  if (place.inlined_at == 0 || !place.function)
    return llvm::DILocation::get(context, line, column, scope(place, target));
  llvm::DISubprogram*& callee = inlined_[{place.file.index(), place.function.index()}];
  if (!callee) callee = subprogram(place, std::string(universe_.symbols.name(place.function)));
  llvm::DILocation* call = location(function, function.sources[place.inlined_at], target);
  return llvm::DILocation::get(context, line, column, callee, call);
}

void SourceLines::at(const ir::Function& function, const ir::SourcePlace& place, llvm::Function& target,
                     llvm::IRBuilder<>& builder) {
  if (!place.range.known() || !target.getSubprogram()) return;
  builder.SetCurrentDebugLocation(location(function, place, target));
}

}  // namespace metate::codegen

#include "compiler/codegen/source_lines.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <string>

namespace metate::codegen {

SourceLines::SourceLines(llvm::Module& module, const ir::Universe& universe) : universe_(universe), builder_(module) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  builder_.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_Python), file({}), "metate",
                             /*isOptimized=*/true, "", 0, "", llvm::DICompileUnit::LineTablesOnly);
}

llvm::DIFile* SourceLines::file(support::Symbol name) {
  llvm::DIFile*& found = files_[name ? name.index() + 1 : 0];
  if (!found) found = builder_.createFile(name ? std::string(universe_.symbols.name(name)) : "metate", "");
  return found;
}

void SourceLines::begin(const ir::Function& function, llvm::Function& target, llvm::IRBuilder<>& builder) {
  auto known = std::ranges::find_if(function.sources, [](const ir::SourcePlace& place) { return place.range.known(); });
  const ir::SourcePlace place = known == function.sources.end() ? ir::SourcePlace() : *known;
  const auto line = static_cast<unsigned>(std::max(place.range.line, 0));
  llvm::DIFile* in = file(place.file);
  llvm::DISubprogram* subprogram = builder_.createFunction(
      in, target.getName(), target.getName(), in, line,
      builder_.createSubroutineType(builder_.getOrCreateTypeArray({})), line, llvm::DINode::FlagZero,
      llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized);
  target.setSubprogram(subprogram);
  scopes_[{&target, place.file.index()}] = subprogram;
  builder.SetCurrentDebugLocation(llvm::DILocation::get(target.getContext(), line, 0, subprogram));
}

void SourceLines::at(const ir::SourcePlace& place, llvm::Function& target, llvm::IRBuilder<>& builder) {
  if (!place.range.known() || !target.getSubprogram()) return;
  llvm::DIScope*& scope = scopes_[{&target, place.file.index()}];
  if (!scope) scope = builder_.createLexicalBlockFile(target.getSubprogram(), file(place.file));
  builder.SetCurrentDebugLocation(llvm::DILocation::get(target.getContext(), static_cast<unsigned>(place.range.line),
                                                        static_cast<unsigned>(std::max(place.range.column, 0)), scope));
}

}  // namespace metate::codegen

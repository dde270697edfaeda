#include "runtime/jit/remarks.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/AssemblyAnnotationWriter.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormattedStream.h"
#include "llvm/Support/raw_ostream.h"

namespace metate::jit {
namespace {

std::optional<Remark::Kind> kind_of(const llvm::DiagnosticInfo& info) {
  switch (info.getKind()) {
    case llvm::DK_OptimizationRemark:
      return Remark::Kind::kDone;
    case llvm::DK_OptimizationRemarkMissed:
      return Remark::Kind::kMissed;
    case llvm::DK_OptimizationRemarkAnalysis:
    case llvm::DK_OptimizationRemarkAnalysisFPCommute:
    case llvm::DK_OptimizationRemarkAnalysisAliasing:
      return Remark::Kind::kReason;
    default:
      return std::nullopt;
  }
}

/// Says behind each instruction where it comes from.
class LineWriter final : public llvm::AssemblyAnnotationWriter {
 public:
  void printInfoComment(const llvm::Value& value, llvm::formatted_raw_ostream& out) override {
    const auto* instruction = llvm::dyn_cast<llvm::Instruction>(&value);
    const llvm::DILocation* location = instruction ? instruction->getDebugLoc().get() : nullptr;
    if (location && location->getLine() != 0) out << " ; @" << location->getLine() << ' ' << location->getFilename();
  }
};

/// " !dbg !12" in front of the remark, and definitions of metadata that only describe the source.
std::string without_debug_metadata(llvm::StringRef text) {
  std::string out;
  llvm::SmallVector<llvm::StringRef, 0> lines;
  text.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (line.starts_with("!llvm.dbg") || line.contains("!DI") || line.contains("\"Debug Info Version\"")) continue;
    const size_t at = line.find("!dbg !");
    if (at != llvm::StringRef::npos) {
      const size_t end = line.find_first_not_of("0123456789", at + 6);
      const llvm::StringRef before = line.take_front(at).rtrim().rtrim(',');
      const llvm::StringRef behind = end == llvm::StringRef::npos ? "" : line.substr(end);
      out += before;
      out += behind;
    } else {
      out += line;
    }
    out += '\n';
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

bool is_pass_of_interest(llvm::StringRef pass) { return pass == "loop-vectorize" || pass == "slp-vectorizer"; }

void append_remark(const llvm::DiagnosticInfo& info, std::vector<Remark>& remarks) {
  std::optional<Remark::Kind> kind = kind_of(info);
  if (!kind) return;
  const auto& said = llvm::cast<llvm::DiagnosticInfoIROptimization>(info);
  if (!is_pass_of_interest(said.getPassName())) return;
  Remark remark{.kind = *kind, .pass = said.getPassName().str(), .message = said.getMsg(), .file = {}};
  if (said.isLocationAvailable()) {
    remark.file = said.getLocation().getRelativePath().str();
    remark.line = said.getLocation().getLine();
  }
  for (const auto& argument : said.getArgs()) {
    if (argument.Key == "VectorizationFactor") llvm::to_integer(argument.Val, remark.width, 10);
    if (argument.Key == "InterleaveCount") llvm::to_integer(argument.Val, remark.interleave, 10);
  }
  remarks.push_back(std::move(remark));
}

std::string text_with_lines(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  LineWriter lines;
  const bool has_lines = module.getNamedMetadata("llvm.dbg.cu");
  module.print(out, has_lines ? &lines : nullptr);
  return has_lines ? without_debug_metadata(text) : text;
}

}  // namespace metate::jit

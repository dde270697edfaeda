// remarks – what LLVM says of its optimisations, and its IR with the lines that it comes from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class DiagnosticInfo;
class Module;
class StringRef;
}  // namespace llvm

namespace metate::jit {

/// What an optimisation of LLVM says that it did, or why it did not.
struct Remark {
  enum class Kind : uint8_t { kDone, kMissed, kReason };

  Kind kind = Kind::kDone;
  std::string pass;     // "loop-vectorize"
  std::string message;  // LLVM's
  std::string file;     // where the code comes from, as far as the module says; empty where it does not
  uint32_t line = 0;
  uint32_t width = 0;       // of vectors, in elements; 0 where it is not about that
  uint32_t interleave = 0;  // how many vectors one iteration works on
};

/// Whether people are interested in what the pass says: those that make vectors.
bool is_pass_of_interest(llvm::StringRef pass);

/// Adds what a diagnostic says, if it is a remark.
void append_remark(const llvm::DiagnosticInfo& info, std::vector<Remark>& remarks);

/// The module as text. Where it has debug locations, "; @12" or "; @12 file" follows each instruction, and the metadata
/// that say this otherwise are left out.
std::string text_with_lines(const llvm::Module& module);

}  // namespace metate::jit

// check_notes – what a kernel checker wants to know of SPIR-V beside its meaning.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace llvm {
class Function;
}

namespace metate::ze_software::spirv {

struct CheckNotes {
  struct Line {
    std::string file;
    uint32_t line = 0;

    bool operator==(const Line&) const = default;
  };
  struct Kernel {
    std::string name;
    uint32_t python_dimensions = 0;
  };

  std::vector<Line> lines{{}};  // the first stands for an unknown one
  std::vector<std::string> names;
  std::unordered_map<const llvm::Function*, Kernel> kernels;
};

// Placeholders in bodies, which the checker takes out again. Lines and names are indices in the notes.
inline constexpr char kLineNote[] = "metate.check.line";  // void (i32 line): of what follows in the block
inline constexpr char kArrayNote[] =
    "metate.check.array";  // void (ptr data, i64 begin, i64 end, i32 name, i32 element)
inline constexpr char kStorageNote[] = "metate.check.storage";    // void (ptr data, i32 line, i32 name, i32 element)
inline constexpr char kInternalNote[] = "metate.check.internal";  // void (ptr data): not to be looked at

}  // namespace metate::ze_software::spirv

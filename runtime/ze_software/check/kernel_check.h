// kernel_check – what is known of a kernel that is checked while it runs: its lines, and the memory it goes to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/ze_software/spirv/check_notes.h"

namespace metate::ze_software::check {

enum class ObjectKind : uint8_t {
  kUnknown,       // an address that comes from memory, or from one of several places
  kParameter,     // global memory behind a parameter
  kLocalPointer,  // local memory behind a parameter
  kLocal,
  kPrivate,
  kGlobal,  // a variable of the module
};

/// Something with an extent that a kernel reads and writes.
struct Object {
  ObjectKind kind = ObjectKind::kUnknown;
  std::string name;            // of the parameter or variable, where it is known
  uint32_t line = 0;           // in KernelCheck::lines: where it is declared
  uint64_t bytes = 0;          // of variables; memory behind parameters has its extent from the launch
  uint32_t element_bytes = 0;  // 0: as large as what is accessed
  uint32_t parameter = 0;      // which
  bool constant = false;       // nobody writes it
};

struct KernelCheck {
  std::string name;                            // as the source has it
  uint32_t python_dimensions = 0;              // of a launch whose ids are told slowest first; 0: x first
  std::vector<spirv::CheckNotes::Line> lines;  // the first stands for an unknown one
  std::vector<Object> objects;                 // the first is the unknown one; the parameters follow
};

/// How a kernel goes to memory, as bits.
enum AccessKind : uint32_t { kRead = 1, kWrite = 2, kAtomic = 4, kAcquire = 8, kRelease = 16 };

}  // namespace metate::ze_software::check

// artifact.h – what a compile gives: the same for the JIT, the cache and the ahead-of-time tool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/codegen/error_site.h"
#include "compiler/codegen/filled_array.h"
#include "compiler/driver/device_use.h"
#include "compiler/types/type.h"

namespace metate::driver {

/// One argument of a SPIR-V kernel: `bytes` of slot `slot`; the address of an array's data if `is_data`.
struct KernelArgument {
  uint32_t slot;
  uint32_t bytes;
  bool is_data;
  uint32_t parameter;
};

/// A kernel that one iteration of a nest is. Its arguments are followed by the extents of the nest, outermost axis
/// first, and the address of abi::KernelErrors; a launch has the innermost axis as the device's first dimension.
struct NestKernel {
  std::string entry;
  uint8_t rank;
  std::vector<KernelArgument> arguments;
};

/// Where a parallel nest runs, for those who ask.
struct NestReport {
  ir::SourcePlace place;
  bool is_expression = false;  // of arrays, and no prange loop
  int32_t kernel = -1;         // which of the artifact's; -1: on threads
  std::string obstacle;        // why not on a device, where the function is compiled for one
  ir::SourcePlace obstacle_place;
  std::string unfused;  // why no other loop does its work on the way, where there is one that might
};

/// The first place where code of the host works on the elements of an argument.
struct HostAccess {
  ir::SourcePlace place;
  std::string reason;  // why it is the host's
};

/// Holds no address of this process: constants are data, calls are symbols.
struct Artifact {
  enum class Kind : uint8_t { kObject, kSpirv };

  Kind kind = Kind::kObject;
  std::vector<std::byte> bytes;  // an object file, or SPIR-V words
  std::string entry;             // symbol, or kernel name: called on slots (compiler/types/slots.h)
  std::vector<types::TypeId> arguments;
  types::TypeId result;
  std::vector<codegen::ErrorSite> sites;
  std::vector<bool> written;   // of what devices run: whether the code may write to each argument …
  std::vector<bool> read;      // … and, of kernels, read from it
  bool may_take_long = false;  // has a loop, an allocation or a call: worth releasing the GIL
  std::vector<NestReport> nests;
  // Of one that another process made: the constants that its symbols of global arrays stand for, by their numbers
  // there.
  std::vector<std::pair<int64_t, types::ConstantId>> frozen_arrays;

  // Of functions whose nests run on a device.
  std::vector<uint32_t> nest_words;  // SPIR-V with all of …
  std::vector<NestKernel> nest_kernels;
  std::vector<std::optional<HostAccess>> host_accesses;  // by argument
};

/// A kernel's SPIR-V, with the order of its arguments.
struct CompiledKernel {
  Artifact artifact;
  std::vector<uint32_t> words;
  std::vector<KernelArgument> arguments;  // followed by the address of abi::KernelErrors
  DeviceUse use;
  bool prints = false;                              // behind which abi::KernelPrints has to lie then
  std::vector<codegen::FilledArray> global_arrays;  // of the module that is made of the words
};

}  // namespace metate::driver

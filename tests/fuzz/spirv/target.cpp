#include "tests/fuzz/spirv/target.h"

#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "runtime/jit/jit.h"
#include "runtime/ze_software/spirv/module_reader.h"
#include "runtime/ze_software/work_group/work_group.h"

namespace metate::fuzz {
namespace {

jit::Jit& shared_jit() {
  static base::Result<std::unique_ptr<jit::Jit>> jit = jit::Jit::create();
  if (!jit) std::abort();
  return **jit;
}

void require_sound(const llvm::Module& module, const char* stage) {
  std::string reason;
  llvm::raw_string_ostream stream(reason);
  if (!llvm::verifyModule(module, &stream)) return;
  std::fprintf(stderr, "%s made IR that is not sound: %s\n", stage, reason.c_str());
  std::abort();
}

}  // namespace

bool try_spirv(std::span<const std::byte> spirv, Depth depth) {
  jit::OwnedModule owned = shared_jit().new_module("fuzz");
  std::string log;
  ze_software::spirv::Module read;
  read.module = std::move(owned.module);
  if (!ze_software::spirv::read_module(read, spirv, {}, log)) {
    if (log.find("error: ") != std::string::npos) return false;
    std::fprintf(stderr, "a module is refused without a reason: %s\n", log.c_str());
    std::abort();
  }
  require_sound(*read.module, "the reader");
  for (const auto& missing : read.imports) {
    if (!missing.resolved) return true;  // nothing can be made of it before it is linked
  }
  std::vector<std::string> symbols;
  ze_software::work_group::make_entries(read, symbols);
  require_sound(*read.module, "the work-group maker");
  if (depth == Depth::kCompile) {
    owned.module = std::move(read.module);
    (void)shared_jit().compile(std::move(owned), {});
  }
  return true;
}

}  // namespace metate::fuzz

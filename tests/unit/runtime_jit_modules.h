// runtime_jit_modules – LLVM IR as text, compiled and linked for a test.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "llvm/AsmParser/Parser.h"
#include "llvm/Support/SourceMgr.h"

#include "runtime/jit/jit.h"

namespace metate::jit {

inline Jit& shared_jit() {
  static const std::unique_ptr<Jit> kJit = [] {
    auto jit = Jit::create();
    EXPECT_TRUE(jit) << jit.error().message;
    return std::move(*jit);
  }();
  return *kJit;
}

inline OwnedModule parse(const std::string& text) {
  OwnedModule owned = shared_jit().new_module("test");
  llvm::SMDiagnostic problem;
  EXPECT_FALSE(llvm::parseAssemblyInto(llvm::MemoryBufferRef(text, "test"), owned.module.get(), nullptr, problem))
      << problem.getMessage().str() << " in line " << problem.getLineNo();
  return owned;
}

inline Compiled compile(const std::string& text, const CompileOptions& options = {}) {
  auto compiled = shared_jit().compile(parse(text), options);
  EXPECT_TRUE(compiled) << compiled.error().message;
  return compiled ? std::move(*compiled) : Compiled{};
}

inline std::unique_ptr<LinkedCode> build(const std::string& text, const CompileOptions& options = {},
                                         const SymbolProvider& provider = nullptr) {
  auto linked = shared_jit().link(compile(text, options).object, provider);
  EXPECT_TRUE(linked) << linked.error().message;
  return linked ? std::move(*linked) : nullptr;
}

}  // namespace metate::jit

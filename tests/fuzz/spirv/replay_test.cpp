// replay_test – the fuzzer's corpus and changed kernels of the conformance suite, read without a fault.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/spirv/target.h"

#if defined(__has_feature) && __has_feature(thread_sanitizer)
/// The validator of SPIR-V crashes on one of the modules. A guard leaves the crash by a jump out of the handler of its
/// signal, after which the sanitizer takes all that follows for a part of the handler.
extern "C" const char* __tsan_default_options() { return "report_signal_unsafe=0"; }
#endif

namespace metate::fuzz {
namespace {

std::vector<uint32_t> words_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<uint32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), words.size() * 4);
  return words;
}

std::vector<std::filesystem::path> modules_in(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".spv") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(SpirvFuzz, ReadsWhatWasFoundBefore) {
  const auto found = modules_in(METATE_FUZZ_CORPUS);
  EXPECT_FALSE(found.empty());
  for (const auto& path : found) {
    SCOPED_TRACE(path.filename());
    const std::vector<uint32_t> words = words_of(path);
    try_spirv(std::as_bytes(std::span(words)), Depth::kCompile);
  }
}

// Large modules cost time and have nothing that small ones do not have.
TEST(SpirvFuzz, SurvivesChangedKernels) {
  constexpr size_t kMaxWords = 8000;
  int read = 0, refused = 0;
  for (const auto& path : modules_in(METATE_ZE_KERNELS)) {
    const std::vector<uint32_t> whole = words_of(path);
    if (whole.size() > kMaxWords) continue;
    for (uint32_t seed = 1; seed <= 40; ++seed) {
      SCOPED_TRACE(path.filename().string() + " changed by " + std::to_string(seed));
      std::vector<uint32_t> words = whole;
      mutate(words, seed);
      ++(try_spirv(std::as_bytes(std::span(words)), Depth::kRead) ? read : refused);
    }
  }
  // The changes are neither without effect nor the end of every module.
  EXPECT_GT(read, 20);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace metate::fuzz

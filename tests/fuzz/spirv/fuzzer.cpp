// fuzzer – the libFuzzer program: fuzz_spirv CORPUS..., with the asan build's coverage.
#include <cstring>

#include "tests/fuzz/spirv/target.h"

using metate::fuzz::Depth;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Code generation takes most of the time and is LLVM's own.
  const Depth depth = size % 64 == 0 ? Depth::kCompile : Depth::kRead;
  metate::fuzz::try_spirv(std::as_bytes(std::span(data, size)), depth);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  if (seed % 16 == 0 || size < 24) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<uint32_t> words(size / 4);
  std::memcpy(words.data(), data, words.size() * 4);
  metate::fuzz::mutate(words, seed);
  const size_t changed = std::min(words.size() * 4, max_size);
  std::memcpy(data, words.data(), changed);
  return changed;
}

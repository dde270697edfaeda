// compiler_driver_cache_test – artifacts as bytes: what is written is read, and no damage does harm.
#include <gtest/gtest.h>

#include "compiler/driver/artifact_bytes.h"

namespace metate::driver {
namespace {

using types::ConstantKind;

/// A process: tables of its own, in which other things may have been interned before.
struct Process {
  explicit Process(int others) {
    for (int i = 0; i < others; ++i) {
      universe.symbols.intern("other" + std::to_string(i));
      universe.constants.string(universe.symbols.intern("text" + std::to_string(i)));
      universe.types.array(types::DType::kF64, i % 8, types::Layout::kAny);
      universe.constants.array(types::FrozenArray::of(types::DType::kI8, {i + 100}, false));
    }
    error = universe.constants.intern(
        {.kind = ConstantKind::kException, .symbol = universe.symbols.intern("mine.Error"), .integer = 3 + others});
    types::FrozenArray frozen = types::FrozenArray::of(types::DType::kF64, {2}, false);
    frozen.data()[0] = std::byte(1);
    array = universe.constants.array(std::move(frozen));
    references.add(error);
    references.add(array);
    references.add_file(universe.symbols.intern("cell" + std::to_string(others) + ".py"));
  }

  ir::SourcePlace place(int line) {
    return {.file = *references.file(0), .function = universe.symbols.intern("f"), .range = {line, line, 4, 9}};
  }

  Artifact artifact() {
    types::TypeTable& types = universe.types;
    Artifact made;
    made.bytes = {std::byte(0x7f), std::byte('E'), std::byte('L'), std::byte('F')};
    made.entry = "metate_entry_f.1";
    made.arguments = {types.array(types::DType::kF32, 2, types::Layout::kC), types.weak_int()};
    made.result = types.tuple({types.weak_float(), universe.type_of(universe.constants.none()),
                               types.constant(universe.constants.tuple({universe.constants.real(-0.0)}))});
    made.may_take_long = true;
    made.sites.push_back(
        {.kind = codegen::ErrorSite::Kind::kRaise,
         .message = {.exception = error,
                     .parts = {{.literal = universe.symbols.intern("bad ")}, {.literal = {}, .operand = 0}}},
         .value_types = {types.weak_int()},
         .place = place(7)});
    made.nests.push_back(
        {.place = place(9), .is_expression = true, .kernel = 0, .obstacle_place = {}, .unfused = "why"});
    made.written = {true, false};
    made.nest_words = {0x07230203, 1, 2};
    made.nest_kernels.push_back({.entry = "nest_0", .rank = 2, .arguments = {{1, 8, true, 0}, {3, 4, false, 1}}});
    made.host_accesses = {HostAccess{place(5), "a reason"}, std::nullopt};
    return made;
  }

  CompiledKernel kernel() {
    CompiledKernel made{
        .artifact = artifact(), .words = {0x07230203, 7}, .arguments = {{2, 8, true, 1}}, .prints = true};
    made.artifact.kind = Artifact::Kind::kSpirv;
    return made;
  }

  ir::Universe universe;
  References references;
  types::ConstantId error, array;
};

std::vector<std::byte> written(Process& process) {
  std::optional<std::vector<std::byte>> bytes =
      write_artifact(process.artifact(), process.references, process.universe);
  EXPECT_TRUE(bytes);
  return bytes.value_or(std::vector<std::byte>());
}

TEST(ArtifactBytes, MeanTheSameInAnotherProcess) {
  Process here(0), there(5);
  std::optional<Artifact> read = read_artifact(written(here), there.references, there.universe);
  ASSERT_TRUE(read);
  const Artifact wanted = there.artifact();
  EXPECT_EQ(read->bytes, wanted.bytes);
  EXPECT_EQ(read->entry, wanted.entry);
  EXPECT_EQ(read->arguments, wanted.arguments);
  EXPECT_EQ(read->result, wanted.result);
  EXPECT_TRUE(read->may_take_long);
  ASSERT_EQ(read->sites.size(), 1u);
  const codegen::ErrorSite& site = read->sites[0];
  EXPECT_EQ(site.message.exception, there.error);
  EXPECT_EQ(there.universe.symbols.name(site.message.parts[0].literal), "bad ");
  EXPECT_EQ(site.message.parts[1].operand, 0);
  EXPECT_EQ(site.value_types, wanted.sites[0].value_types);
  EXPECT_EQ(there.universe.symbols.name(site.place.file), "cell5.py");
  EXPECT_EQ(site.place.range, wanted.sites[0].place.range);
  ASSERT_EQ(read->nests.size(), 1u);
  EXPECT_TRUE(read->nests[0].is_expression);
  EXPECT_EQ(read->nests[0].kernel, 0);
  EXPECT_EQ(read->written, wanted.written);
  EXPECT_TRUE(read->read.empty());
  EXPECT_EQ(read->nest_words, wanted.nest_words);
  ASSERT_EQ(read->nest_kernels.size(), 1u);
  EXPECT_EQ(read->nest_kernels[0].entry, "nest_0");
  EXPECT_EQ(read->nest_kernels[0].rank, 2);
  ASSERT_EQ(read->nest_kernels[0].arguments.size(), 2u);
  EXPECT_TRUE(read->nest_kernels[0].arguments[0].is_data);
  EXPECT_EQ(read->nest_kernels[0].arguments[1].slot, 3u);
  EXPECT_EQ(read->nest_kernels[0].arguments[1].bytes, 4u);
  EXPECT_EQ(read->nest_kernels[0].arguments[1].parameter, 1u);
  ASSERT_EQ(read->host_accesses.size(), 2u);
  EXPECT_EQ(read->host_accesses[0]->reason, "a reason");
  EXPECT_EQ(read->host_accesses[0]->place.range, wanted.host_accesses[0]->place.range);
  EXPECT_FALSE(read->host_accesses[1]);
  ASSERT_EQ(read->frozen_arrays.size(), 1u);
  EXPECT_EQ(read->frozen_arrays[0].first, here.universe.constants[here.array].integer);
  EXPECT_EQ(read->frozen_arrays[0].second, there.array);
}

TEST(ArtifactBytes, OfKernelsToo) {
  Process here(0), there(5);
  std::optional<std::vector<std::byte>> bytes = write_kernel(here.kernel(), here.references, here.universe);
  ASSERT_TRUE(bytes);
  std::optional<CompiledKernel> read = read_kernel(*bytes, there.references, there.universe);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->artifact.kind, Artifact::Kind::kSpirv);
  EXPECT_EQ(read->artifact.arguments, there.artifact().arguments);
  EXPECT_EQ(read->words, here.kernel().words);
  ASSERT_EQ(read->arguments.size(), 1u);
  EXPECT_EQ(read->arguments[0].slot, 2u);
  EXPECT_EQ(read->arguments[0].parameter, 1u);
  EXPECT_TRUE(read->prints);
  for (size_t size = 0; size < bytes->size(); ++size)
    EXPECT_FALSE(read_kernel(std::span(*bytes).first(size), here.references, here.universe)) << size;
  EXPECT_FALSE(read_kernel(written(here), here.references, here.universe));
}

TEST(ArtifactBytes, WhatRefersToNothingIsRefused) {
  Process here(0);
  auto is_read = [&](auto change) {
    Artifact artifact = here.artifact();
    change(artifact);
    return read_artifact(*write_artifact(artifact, here.references, here.universe), here.references, here.universe)
        .has_value();
  };
  EXPECT_TRUE(is_read([](Artifact&) {}));
  EXPECT_FALSE(is_read([](Artifact& artifact) { artifact.nests[0].kernel = 1; }));
  EXPECT_FALSE(is_read([](Artifact& artifact) { artifact.written.push_back(true); }));
  EXPECT_FALSE(is_read([](Artifact& artifact) { artifact.host_accesses.pop_back(); }));
  EXPECT_FALSE(is_read([](Artifact& artifact) { artifact.sites[0].message.parts[1].operand = 1; }));
}

TEST(ArtifactBytes, EveryCutIsNoticed) {
  Process here(0);
  const std::vector<std::byte> bytes = written(here);
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_artifact(std::span(bytes).first(size), here.references, here.universe)) << size;
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte(0));
  EXPECT_FALSE(read_artifact(longer, here.references, here.universe));
}

// The checksum of the entry notices them first; here what matters is that none of them crashes.
TEST(ArtifactBytes, EveryChangedByteIsReadOrRefused) {
  Process here(0);
  const std::vector<std::byte> bytes = written(here);
  size_t refused = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned change = 1; change < 256; ++change) {
      std::vector<std::byte> changed = bytes;
      changed[at] ^= std::byte(change);
      refused += !read_artifact(changed, here.references, here.universe);
    }
  }
  EXPECT_GT(refused, bytes.size());
}

TEST(ArtifactBytes, ReferToNothingThatTheKeyDoesNotName) {
  Process here(0);
  const References none;
  EXPECT_FALSE(write_artifact(here.artifact(), none, here.universe));  // neither the exception nor the file
  EXPECT_FALSE(read_artifact(written(here), none, here.universe));
  Artifact artifact = here.artifact();
  artifact.result = here.universe.types.constant(
      here.universe.constants.intern({.kind = ConstantKind::kObject, .symbol = here.universe.symbols.intern("a Car")}));
  EXPECT_FALSE(write_artifact(artifact, here.references, here.universe));
}

TEST(ArtifactBytes, NestedWithoutEndAreRefused) {
  Process here(0);
  ByteWriter deep;
  for (int i = 0; i < 100000; ++i) {
    for (uint8_t field : {3, 0, 0, 0, 0, 1, 0, 0, 255}) deep.number(field);  // a tuple type …
    deep.number<uint64_t>(1);                                                // … of one element
  }
  ByteReader bytes(deep.bytes());
  EXPECT_FALSE(ValueReader(bytes, here.universe, here.references).type());
  EXPECT_TRUE(bytes.failed());
}

}  // namespace
}  // namespace metate::driver

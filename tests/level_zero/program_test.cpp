// program_test – variables, pointers, structures, atomics, copies, specialisation and printf of whole programs.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Programs : public KernelTest {
 protected:
  template <class T>
  void check_fetches(const char* name);
  template <class T>
  void check_old(const char* name);
};

/// Small numbers of either sign that a sum of thousands holds.
template <class T>
std::vector<T> operands(size_t count) {
  std::vector<T> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<T>(static_cast<int64_t>(i * 37 % 1001) - 500);
  return values;
}

template <class T>
T combined(const std::vector<T>& values, T first, T (*combine)(T, T)) {
  return std::accumulate(values.begin(), values.end(), first, combine);
}

/// The first seven counters of either spelling.
template <class T>
std::vector<T> combined_counters(const std::vector<T>& v, const std::vector<T>& first) {
  using U = std::make_unsigned_t<T>;
  return {combined<T>(v, first[0], [](T a, T b) { return static_cast<T>(static_cast<U>(a) + static_cast<U>(b)); }),
          combined<T>(v, first[1], [](T a, T b) { return static_cast<T>(static_cast<U>(a) - static_cast<U>(b)); }),
          combined<T>(v, first[2], [](T a, T b) { return std::min(a, b); }),
          combined<T>(v, first[3], [](T a, T b) { return std::max(a, b); }),
          combined<T>(v, first[4], [](T a, T b) { return static_cast<T>(a | b); }),
          combined<T>(v, first[5], [](T a, T b) { return static_cast<T>(a ^ b); }),
          combined<T>(v, first[6], [](T a, T b) { return static_cast<T>(a & b); })};
}

template <class T>
void Programs::check_fetches(const char* name) {
  constexpr uint32_t kItems = 4096;
  const std::vector<T> values = operands<T>(kItems), first = {3, 4, 100, 100, 0, 0, T(-1), 11, 0};
  auto *counters = shared(first), *in = shared(values), *seen = shared<T>(7, T(-1));
  run(kernel(build("c11_atomics", GetParam()), name), {kItems / 64, 1, 1}, {64, 1, 1}, counters, in, seen);
  const std::vector<T> expected = combined_counters(values, first);
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(counters[i], expected[i]) << name << " " << i;
  EXPECT_EQ(counters[7], static_cast<T>(11 + 2 * static_cast<std::make_unsigned_t<T>>(expected[0] - 3)));
  const T wanted[] = {values[0], values[0], 5, 0, 6, 1, 9};
  for (size_t i = 0; i < std::size(wanted); ++i) EXPECT_EQ(seen[i], wanted[i]) << name << " seen " << i;
}

TEST_P(Programs, FetchAndModifyInts) { check_fetches<int32_t>("fetch_i32"); }
TEST_P(Programs, FetchAndModifyUnsignedInts) { check_fetches<uint32_t>("fetch_u32"); }
TEST_P(Programs, FetchAndModifyLongs) { check_fetches<int64_t>("fetch_i64"); }
TEST_P(Programs, FetchAndModifyUnsignedLongs) { check_fetches<uint64_t>("fetch_u64"); }

template <class T>
void Programs::check_old(const char* name) {
  constexpr uint32_t kItems = 4096;
  const std::vector<T> values = operands<T>(kItems), first = {3, 4, 100, 100, 0, 0, T(-1), 5, 6, 11, 2, 0};
  auto *counters = shared(first), *in = shared(values);
  run(kernel(build("c11_atomics", GetParam()), name), {kItems / 64, 1, 1}, {64, 1, 1}, counters, in);
  std::vector<T> expected = combined_counters(values, first);
  using U = std::make_unsigned_t<T>;
  expected.push_back(static_cast<T>(5 + kItems));
  expected.push_back(static_cast<T>(static_cast<U>(6) - static_cast<U>(kItems)));
  expected.push_back(static_cast<T>(11 + 2 * static_cast<U>(expected[0] - 3)));
  expected.insert(expected.end(), {4, 2});
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(counters[i], expected[i]) << name << " " << i;
}

TEST_P(Programs, ModifyIntsTheOldWay) { check_old<int32_t>("old_i32"); }
TEST_P(Programs, ModifyUnsignedIntsTheOldWay) { check_old<uint32_t>("old_u32"); }
TEST_P(Programs, ModifyLongsTheOldWay) { check_old<int64_t>("old_i64"); }
TEST_P(Programs, ModifyUnsignedLongsTheOldWay) { check_old<uint64_t>("old_u64"); }

TEST_P(Programs, ExchangeFloatsAndFlags) {
  ze_module_handle_t module = build("c11_atomics", GetParam());
  std::vector<float> values(512);
  std::iota(values.begin(), values.end(), 1.0f);
  auto *sum = shared<float>(1, 0.5f), *in = shared(values), *before = shared<float>(1);
  run(kernel(module, "float_sum"), {8, 1, 1}, {64, 1, 1}, sum, in);
  EXPECT_EQ(sum[0], 512 * 513 / 2 + 0.5f);
  run(kernel(module, "float_exchange"), {1, 1, 1}, {1, 1, 1}, sum, before);
  EXPECT_EQ(before[0], 512 * 513 / 2 + 0.5f);
  EXPECT_EQ(sum[0], 2.5f);
  auto *flag = shared<int>(1), *winners = shared<int>(3, 0);
  run(kernel(module, "flags"), {1, 1, 1}, {1, 1, 1}, flag, winners);
  EXPECT_EQ(winners[0], 1);
  EXPECT_EQ(winners[1], 1);
  EXPECT_EQ(winners[2], 0);
  auto* counters = shared<int>(1, 0);
  run(kernel(module, "generic_counters"), {10, 1, 1}, {32, 1, 1}, counters);
  EXPECT_EQ(counters[0], 320);
}

TEST_P(Programs, KeepVariablesOfTheirOwn) {
  ze_module_handle_t module = build("programs", GetParam());
  ze_kernel_handle_t variables = kernel(module, "variables");
  auto *out = shared<int>(8), *index = shared(std::vector<int>{0, 1, 2, 3, 4, 5});
  run(variables, {6, 1, 1}, {1, 1, 1}, out, index);
  run(variables, {6, 1, 1}, {1, 1, 1}, out, index);
  EXPECT_EQ(out[0], 7) << "the counter lives as long as the module";
  EXPECT_EQ(out[1], 70);
  constexpr int squares[2][3] = {{0, 1, 4}, {9, 16, 25}};
  for (int i = 0; i < 6; ++i) EXPECT_EQ(out[2 + i], 3 + 2 * (i % 3) + 100 * squares[i & 1][i % 3]) << i;
  size_t size = 0;
  void* address = nullptr;
  ASSERT_ZE(ZE(zeModuleGetGlobalPointer)(module, "counter", &size, &address));
  EXPECT_EQ(size, sizeof(int));
  EXPECT_EQ(*static_cast<int*>(address), 7);
}

TEST_P(Programs, FollowPointersInMemory) {
  struct Node {
    int value;
    const Node* next;
  };
  auto* nodes = shared<Node>(4);
  for (int i = 0; i < 4; ++i) nodes[i] = {i + 1, i < 3 ? nodes + i + 1 : nullptr};
  auto* out = shared<int>(1);
  const Node* first = nodes;
  run(kernel(build("programs", GetParam()), "walk"), {1, 1, 1}, {1, 1, 1}, first, out);
  EXPECT_EQ(out[0], 1234);
}

TEST_P(Programs, PassPointersOfEveryStorageClass) {
  constexpr int kItems = 12;
  ze_kernel_handle_t pointers = kernel(build("programs", GetParam()), "pointers");
  std::vector<int> values(kItems);
  std::iota(values.begin(), values.end(), 1);
  auto* in = shared(values);
  auto* out = shared<int64_t>(2 * kItems);
  set_arguments(pointers, in, out);
  set_argument(pointers, 2, kItems * sizeof(int), nullptr);
  ASSERT_ZE(launch(pointers, {1, 1, 1}, {kItems, 1, 1}));
  const int64_t chosen[] = {1 + 2 + 3 + 4, 2 * (1 + 2 + 3 + 4), 4321};
  for (int i = 0; i < kItems; ++i) {
    EXPECT_EQ(out[i], chosen[i % 3] + 10000 * kItems * (kItems + 1)) << i;
    EXPECT_EQ(out[kItems + i], kItems + 1 + 2 + 4 * kItems) << i;
  }
}

TEST_P(Programs, ReinterpretBits) {
  const std::vector<float> values = {1.0f, -2.5f, 3e30f};
  auto* in = shared(values);
  auto* out = shared<uint32_t>(4 * values.size());
  run(kernel(build("programs", GetParam()), "reinterpretation"), {3, 1, 1}, {1, 1, 1}, in, out);
  for (size_t i = 0; i < values.size(); ++i) {
    uint32_t bits;
    std::memcpy(&bits, &values[i], 4);
    EXPECT_EQ(out[4 * i], bits);
    EXPECT_EQ(out[4 * i + 1], bits >> 24);
    EXPECT_EQ(out[4 * i + 2], bits ^ (bits >> 16));
    EXPECT_EQ(out[4 * i + 3], bits >> 16 & 0xff);
  }
}

struct Mixed {
  char tag;
  alignas(16) double pair[2];
  int16_t small[3];
  struct {
    alignas(16) float v[4];
    int64_t l;
  } inner;
};

TEST_P(Programs, HandStructuresAround) {
  auto* items = shared<Mixed>(4);
  for (int i = 0; i < 4; ++i) {
    const float f = static_cast<float>(i);
    items[i] = {static_cast<char>(i), {1.5 * i, 2}, {1, 2, 3}, {{f, f + 1, 0, 0}, 100 + i}};
  }
  run(kernel(build("programs", GetParam()), "structures"), {4, 1, 1}, {1, 1, 1}, items, int32_t{4});
  for (int i = 0; i < 4; ++i) {
    const float f = static_cast<float>(i);
    EXPECT_EQ(items[i].tag, i + 4);
    EXPECT_EQ(items[i].pair[0], 1.5 * i);
    EXPECT_EQ(items[i].pair[1], 8);
    EXPECT_EQ(items[i].small[0], 1);
    EXPECT_EQ(items[i].small[1], 4);
    EXPECT_EQ(items[i].inner.v[2], f + 4);
    EXPECT_EQ(items[i].inner.v[3], f + 5);
    EXPECT_EQ(items[i].inner.l, -100 - i);
  }
}

TEST_P(Programs, ReadPackedStructures) {
  struct __attribute__((packed)) Tight {
    char c;
    int i;
    int16_t s;
  };
  static_assert(sizeof(Tight) == 7);
  auto* in = shared<Tight>(8);
  for (int i = 0; i < 8; ++i) in[i] = {static_cast<char>(i), 3 * i, static_cast<int16_t>(-i)};
  auto* out = shared<int64_t>(8);
  run(kernel(build("programs", GetParam()), "packed"), {8, 1, 1}, {1, 1, 1}, in, out);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(out[i], 3000 * i) << i;
}

TEST_P(Programs, ShareLocalMemoryOfEveryKind) {
  constexpr int kItems = 24;
  ze_kernel_handle_t locals = kernel(build("programs", GetParam()), "locals");
  auto* out = shared<int>(kItems);
  set_arguments(locals, out);
  set_argument(locals, 1, kItems * sizeof(int), nullptr);
  set_argument(locals, 2, kItems * 16, nullptr);
  ASSERT_ZE(launch(locals, {1, 1, 1}, {kItems, 1, 1}));
  for (int l = 0; l < kItems; ++l) {
    const int other = (l + 1) % kItems;
    EXPECT_EQ(out[l], other % 12 + other * 7 + other + 3 + 9 + 5) << l;
  }
}

TEST_P(Programs, SwitchOver64Bits) {
  auto* in = shared(std::vector<int64_t>{0x100000000, -1, 77, 0, 5, 0x10000004d, 261});
  auto* out = shared<int>(7);
  run(kernel(build("programs", GetParam()), "wide_switch"), {7, 1, 1}, {1, 1, 1}, in, out);
  EXPECT_EQ(std::vector<int>(out, out + 7), (std::vector<int>{1, 3, 4, 6, 5, 6, 5}));
}

TEST_P(Programs, CopyAsynchronously) {
  constexpr int kGroups = 3, kItems = 64 * kGroups;
  auto *in = shared<float>(kItems), *out = shared<float>(kItems, -1);
  auto *triples = shared<float>(16 * kGroups), *turned = shared<float>(16 * kGroups);
  for (int i = 0; i < kItems; ++i) in[i] = static_cast<float>(i % 50);
  for (int i = 0; i < 16 * kGroups; ++i) triples[i] = static_cast<float>(i);
  run(kernel(build("programs", GetParam()), "async_copies"), {kGroups, 1, 1}, {64, 1, 1}, in, out, triples, turned);
  for (int i = 0; i < kItems; ++i) {
    const int group = i / 64 * 64, l = i % 64;
    auto changed = [&](int at) { return in[group + at] + 100 * in[group + (at + 1) % 64]; };
    EXPECT_EQ(out[i], l % 2 == 0 ? changed(l / 2) : in[group + l / 2 * 2]) << i;
  }
  for (int i = 0; i < 4 * kGroups; ++i) {
    EXPECT_EQ(turned[4 * i], triples[4 * i + 2]);
    EXPECT_EQ(turned[4 * i + 1], triples[4 * i]);
    EXPECT_EQ(turned[4 * i + 2], triples[4 * i + 1]);
  }
}

TEST_P(Programs, TakeSpecialisationConstants) {
  const std::vector<uint8_t> spirv = kernel_binary("programs", GetParam());
  auto* out = shared<float>(1);
  run(kernel(build(spirv), "specialised"), {1, 1, 1}, {1, 1, 1}, out);
  EXPECT_EQ(out[0], 0.5f + 1.0f);
  const uint32_t ids[] = {3, 5};
  const int count = 4;
  const float step = 0.25f;
  const void* values[] = {&count, &step};
  ze_module_constants_t constants{2, ids, values};
  run(kernel(build(spirv, &constants), "specialised"), {1, 1, 1}, {1, 1, 1}, out);
  EXPECT_EQ(out[0], 0.25f * (1 + 2 + 3 + 4));
}

TEST_P(Programs, Print) {
  auto* in = shared(std::vector<int>{3, -4});
  auto* v = shared<float>(8, 0.5f);
  ze_kernel_handle_t print = kernel(build("programs", GetParam()), "print");
  testing::internal::CaptureStdout();
  run(print, {1, 1, 1}, {1, 1, 1}, in, v);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "item 3:  4.50|0.500000,0.500000,0.500000,0.500000|text|c|ff|-5|%|7   |\n");
}

TEST_P(Programs, PrintVectors) {
  auto* in = shared(std::vector<int>{7});
  ze_kernel_handle_t print = kernel(build("programs", GetParam()), "print_vectors");
  testing::internal::CaptureStdout();
  run(print, {1, 1, 1}, {1, 1, 1}, in);
  EXPECT_EQ(
      testing::internal::GetCapturedStdout(),
      "7,-7|7,2,-3|7,ff,10,0|1,2,3,4,5,6,7,7|-7,1099511627776|7,ff\n"
      "7.000000,0.500000|+7.0,-1.0,+2.2,+0.0|  7.00, -0.12|7.000000e+00,1.000000e+10,-1.000000e-10|0x1p+0,0x1p-1\n");
}

INSTANTIATE_TEST_SUITE_P(Level, Programs, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test

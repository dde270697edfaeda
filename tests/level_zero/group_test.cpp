// group_test – what the items of a work-group or sub-group compute together.
#include <algorithm>
#include <climits>
#include <map>
#include <numeric>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

using GroupTest = KernelTest;
using Numbers = std::vector<int>;

constexpr int kResults = 12;

struct Shape {
  ze_group_count_t groups, size;
  uint32_t group_items() const { return size.groupCountX * size.groupCountY * size.groupCountZ; }
  uint32_t group_count() const { return groups.groupCountX * groups.groupCountY * groups.groupCountZ; }
  uint32_t items() const { return group_count() * group_items(); }
};

/// The items of each group by their linear global id, in the order of their linear local ids.
std::vector<std::vector<uint32_t>> items_by_group(const Shape& shape) {
  std::vector<std::vector<uint32_t>> result;
  const auto& [groups, size] = shape;
  for (uint32_t gy = 0; gy < groups.groupCountY; ++gy) {
    for (uint32_t gx = 0; gx < groups.groupCountX; ++gx) {
      std::vector<uint32_t>& items = result.emplace_back();
      for (uint32_t y = 0; y < size.groupCountY; ++y) {
        for (uint32_t x = 0; x < size.groupCountX; ++x) {
          items.push_back((gy * size.groupCountY + y) * groups.groupCountX * size.groupCountX + gx * size.groupCountX +
                          x);
        }
      }
    }
  }
  return result;
}

Numbers some_numbers(uint32_t count) {
  Numbers numbers(count);
  for (uint32_t i = 0; i < count; ++i) numbers[i] = static_cast<int>(i * 37 % 113) - 20;
  return numbers;
}

const Shape kShapes[] = {
    {{3, 1, 1}, {64, 1, 1}}, {{2, 1, 1}, {45, 1, 1}}, {{2, 2, 1}, {12, 7, 1}}, {{2, 1, 1}, {1, 1, 1}}};

/// What the kernel gives the item number `i` of a group with these values.
Numbers group_results(const Numbers& x, size_t i) {
  auto sum = [&](size_t end) { return std::accumulate(x.begin(), x.begin() + static_cast<long>(end), 0); };
  const auto [least, greatest] = std::ranges::minmax(x);
  const auto as_unsigned = [](int a, int b) { return static_cast<uint32_t>(a) < static_cast<uint32_t>(b); };
  return {sum(x.size()),
          least,
          greatest,
          sum(i + 1),
          sum(i),
          i == 0 ? INT_MIN : *std::max_element(x.begin(), x.begin() + static_cast<long>(i)),
          std::ranges::count(x, 5) > 0,
          greatest < 90,
          x.back(),
          *std::ranges::min_element(x, as_unsigned),
          static_cast<int>(static_cast<float>(sum(i + 1)) / 2.0f),
          3 * sum(x.size())};
}

TEST_P(GroupTest, GroupAlgorithms) {
  ze_kernel_handle_t algorithms = kernel(build("groups", GetParam()), "group_algorithms");
  for (const Shape& shape : kShapes) {
    const Numbers values = some_numbers(shape.items());
    auto* in = shared(values);
    auto* out = shared<int>(kResults * shape.items());
    run(algorithms, shape.groups, shape.size, in, out);
    for (const auto& items : items_by_group(shape)) {
      Numbers x;
      for (uint32_t item : items) x.push_back(values[item]);
      for (size_t i = 0; i < items.size(); ++i) {
        const int* own = out + kResults * items[i];
        ASSERT_EQ(Numbers(own, own + kResults), group_results(x, i)) << i << " of " << items.size();
      }
    }
  }
}

TEST_P(GroupTest, ResultsOfOneRoundAreValuesOfTheNext) {
  ze_kernel_handle_t rounds = kernel(build("groups", GetParam()), "rounds");
  constexpr uint32_t kSize = 50;
  constexpr int kRounds = 7;
  Numbers expected(kSize);
  std::iota(expected.begin(), expected.end(), 3);
  auto* data = shared(expected);
  run(rounds, {1, 1, 1}, {kSize, 1, 1}, data, kRounds);
  for (int k = 0; k < kRounds; ++k) {
    std::partial_sum(expected.begin(), expected.end(), expected.begin());
    for (int& x : expected) x %= 101;
    if (std::ranges::count(expected, 100)) {
      for (int& x : expected) ++x;
    }
  }
  EXPECT_EQ(Numbers(data, data + kSize), expected);
}

/// For each sub-group of a launch the items by their global id, in the order of their numbers. Checks that they are
/// rows of neighbours that fill the group.
std::vector<std::vector<uint32_t>> sub_groups(const Shape& shape, const uint32_t* queries) {
  std::vector<std::vector<uint32_t>> result;
  for (const auto& items : items_by_group(shape)) {
    std::map<uint32_t, std::map<uint32_t, uint32_t>> members;  // by number of the sub-group and in it
    for (uint32_t item : items) members[queries[5 * item + 3]][queries[5 * item + 4]] = item;
    std::vector<uint32_t> in_order;
    for (const auto& [number, numbered] : members) {
      std::vector<uint32_t>& sub_group = result.emplace_back();
      for (const auto& [lane, item] : numbered) sub_group.push_back(item);
      in_order.insert(in_order.end(), sub_group.begin(), sub_group.end());
      for (uint32_t item : sub_group) {
        EXPECT_EQ(queries[5 * item], sub_group.size());
        EXPECT_LE(sub_group.size(), queries[5 * item + 1]);
        EXPECT_EQ(queries[5 * item + 2], members.size());
      }
    }
    EXPECT_EQ(in_order, items);
  }
  return result;
}

/// What the kernel gives item `i` of a sub-group; INT_MIN where it is not defined.
Numbers sub_group_results(const Numbers& x, size_t i) {
  auto at = [&](size_t k) { return k < x.size() ? x[k] : INT_MIN; };
  uint32_t mask = 0, product = 1;
  for (size_t k = 0; k < x.size(); ++k) {
    if (k < 32 && (x[k] & 1)) mask |= 1u << k;
    product *= static_cast<uint32_t>(x[k] | 1);
  }
  const long before = static_cast<long>(i);
  return {std::accumulate(x.begin(), x.end(), 0),
          std::accumulate(x.begin(), x.begin() + before, 0),
          at(1),
          x[x.size() - 1 - i],
          at(i ^ 1),
          at(i - 1),
          at(i + 2),
          std::ranges::count(x, 5) > 0,
          std::ranges::max(x) < 90,
          static_cast<int>(mask),
          static_cast<int>(product),
          i == 0};
}

TEST_P(GroupTest, SubGroupAlgorithms) {
  ze_module_handle_t module = build("groups", GetParam());
  ze_kernel_handle_t queries = kernel(module, "sub_group_queries");
  ze_kernel_handle_t algorithms = kernel(module, "sub_group_algorithms");
  for (const Shape& shape : kShapes) {
    auto* answers = shared<uint32_t>(5 * shape.items());
    run(queries, shape.groups, shape.size, answers);
    const Numbers values = some_numbers(shape.items());
    auto* in = shared(values);
    auto* out = shared<int>(kResults * shape.items());
    run(algorithms, shape.groups, shape.size, in, out);
    for (const auto& items : sub_groups(shape, answers)) {
      Numbers x;
      for (uint32_t item : items) x.push_back(values[item]);
      for (size_t i = 0; i < items.size(); ++i) {
        const Numbers expected = sub_group_results(x, i);
        for (int k = 0; k < kResults; ++k) {
          if (expected[k] == INT_MIN) continue;
          ASSERT_EQ(out[kResults * items[i] + k], expected[k]) << "result " << k << " of " << i << " of " << x.size();
        }
      }
    }
  }
}

TEST_P(GroupTest, SubGroupsGoApartAndMeetAgain) {
  ze_module_handle_t module = build("groups", GetParam());
  const Shape shape{{3, 1, 1}, {150, 1, 1}};
  auto* answers = shared<uint32_t>(5 * shape.items());
  run(kernel(module, "sub_group_queries"), shape.groups, shape.size, answers);
  ze_kernel_handle_t apart = kernel(module, "sub_groups_apart");
  auto* out = shared<int>(shape.items());
  set_arguments(apart, out);
  ASSERT_ZE(ZE(zeKernelSetArgumentValue)(apart, 1, 150 * sizeof(int), nullptr));
  ASSERT_ZE(launch(apart, shape.groups, shape.size));
  const auto parts = sub_groups(shape, answers);
  const size_t per_group = parts.size() / shape.group_count();
  int total = 0, bits = 0;
  for (size_t number = 0; number < per_group; ++number) {
    // The greatest of the values and k + 1, over and over; the first item's value is what is shared.
    const auto& items = parts[number];
    int x = static_cast<int>(items[0]);
    if (number > 0) x = static_cast<int>(items.back());
    for (size_t k = 0; k < number; ++k) x += static_cast<int>(k) + 1;
    total += x;
  }
  for (int i = 0; i < 150; ++i) bits += i & 7;
  for (uint32_t i = 0; i < shape.items(); ++i) ASSERT_EQ(out[i], total * 1000 + bits) << i;
}

TEST_P(GroupTest, SubGroupsOfTheSizeThatAKernelNeeds) {
  ze_kernel_handle_t sum = kernel(build("sub_group_size", GetParam()), "sub_groups_of_8");
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  ASSERT_ZE(ZE(zeKernelGetProperties)(sum, &properties));
  EXPECT_EQ(properties.requiredSubgroupSize, 8u);
  EXPECT_EQ(properties.maxSubgroupSize, 8u);
  auto* out = shared<int>(20);
  run(sum, {1, 1, 1}, {20, 1, 1}, out);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(out[i], i < 8 ? 28 : i < 16 ? 92 : 70);
}

INSTANTIATE_TEST_SUITE_P(Level, GroupTest, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test

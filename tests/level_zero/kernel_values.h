// kernel_values – sample numbers, and distances between results.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

namespace metate::test {

/// Numbers of every size that T has, `count` at least, the corners first.
template <class T>
std::vector<T> corner_values(size_t count) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values = {T(0), T(1), T(2), T(3), T(7), T(100), T(127), Limits::max(), Limits::lowest()};
  if constexpr (std::is_floating_point_v<T>) {
    for (double x : {-0.0,         0.5,    -0.5,    1.5,     -1.5,     2.5,     -2.5,         127.5,
                     128.0,        -128.5, 255.5,   32767.5, -32768.5, 65535.5, 2147483648.0, -2147483649.0,
                     4294967295.5, 9.3e18, -9.3e18, 1.9e19,  1e-3,     65520.0, 6e-8,         -3e-8}) {
      values.push_back(static_cast<T>(x));
    }
    values.insert(values.end(), {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), Limits::denorm_min(),
                                 -Limits::min(), Limits::epsilon()});
  } else {
    values.push_back(static_cast<T>(-1));
    values.push_back(static_cast<T>(Limits::max() - 1));
    values.push_back(static_cast<T>(Limits::max() / 2 + 1));
  }
  std::mt19937_64 random(11);
  while (values.size() < count || values.size() % 4 != 0) {
    if constexpr (std::is_floating_point_v<T>) {
      const double scale = std::ldexp(1.0, static_cast<int>(random() % 80) - 10);
      values.push_back(static_cast<T>((static_cast<double>(random() >> 11) * 0x1p-52 - 1) * scale));
    } else {
      values.push_back(static_cast<T>(random() >> random() % 64));
    }
  }
  return values;
}

/// The same number: NaNs are equal, zeros differ by sign.
template <class T>
bool same_number(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b && std::signbit(a) == std::signbit(b);
  }
  return a == b;
}

}  // namespace metate::test

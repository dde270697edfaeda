// samples.h – where tests of a row draw their random operands from.
#pragma once

#include <array>
#include <limits>

namespace metate::ops {

/// Real numbers low <= x <= high; integer loops take those that their dtype holds.
struct Domain {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// One domain an operand; the last counts for those that follow. Special values (nan, infinities, both zeros, the least
/// and greatest value of the dtype) are always tested as well.
struct Samples {
  std::array<Domain, 3> operands;
};

inline constexpr Samples any{};
constexpr Samples reals(double low, double high) { return {{Domain{low, high}, Domain{low, high}, Domain{low, high}}}; }
constexpr Samples reals(Domain x, Domain y) { return {{x, y, y}}; }

}  // namespace metate::ops

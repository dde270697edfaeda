// compiler_types_scalar_test – scalars keep their bits through memory and constants; halves round once.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "compiler/types/half.h"
#include "compiler/types/scalar.h"

namespace metate::types {
namespace {

TEST(Half, EveryValueComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    double value = half_to_double(static_cast<uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_EQ(double_to_half(value), bits | 0x200) << bits;  // quiet, sign and payload kept
    } else {
      EXPECT_EQ(double_to_half(value), bits);
    }
  }
}

TEST(Half, RoundsToNearestEvenOnce) {
  for (uint32_t bits = 0; bits < 0x7bff; ++bits) {
    double low = half_to_double(static_cast<uint16_t>(bits)), high = half_to_double(static_cast<uint16_t>(bits + 1));
    double middle = (low + high) / 2;
    EXPECT_EQ(double_to_half(middle), bits % 2 == 0 ? bits : bits + 1);
    EXPECT_EQ(double_to_half(std::nextafter(middle, 0)), bits);
    EXPECT_EQ(double_to_half(-std::nextafter(middle, 1e9)), (bits + 1) | 0x8000);
  }
  EXPECT_EQ(double_to_half(65519.999), 0x7bff);
  EXPECT_EQ(double_to_half(65520.0), 0x7c00);
}

TEST(Scalar, IntegersWrap) {
  EXPECT_EQ(Scalar::integer(DType::kI8, 200).as_int(), -56);
  EXPECT_EQ(Scalar::integer(DType::kU8, -1).as_uint(), 255u);
  EXPECT_EQ(Scalar::integer(DType::kU64, -1).as_uint(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(Scalar::integer(DType::kBool, 256).bits, 1u);
}

TEST(Scalar, MemoryKeepsBits) {
  alignas(16) unsigned char memory[16], again[16];
  for (int d = 0; d < kDTypeCount; ++d) {
    DType dtype = static_cast<DType>(d);
    for (int i = 0; i < 16; ++i) memory[i] = static_cast<unsigned char>(0xf1 + 7 * i);
    if (dtype == DType::kBool) memory[0] = 1;
    Scalar value = load(dtype, memory);
    store(value, again);
    EXPECT_EQ(0, std::memcmp(memory, again, static_cast<size_t>(size(dtype)))) << numpy_name(dtype);
  }
}

TEST(Scalar, ConstantsKeepValueAndWeakness) {
  ConstantTable constants;
  for (const Scalar& value : {Scalar::boolean(true), Scalar::integer(DType::kU64, -1), Scalar::real(DType::kF16, 0.1),
                              Scalar::f64(-0.0), Scalar::complex(DType::kC64, 1.5, -2)}) {
    EXPECT_EQ(to_scalar(constants[to_constant(value, false, constants)]), value) << to_text(value);
  }
  EXPECT_EQ(to_constant(Scalar::f64(2), true, constants), constants.real(2));
  EXPECT_EQ(to_constant(Scalar::boolean(true), true, constants), constants.boolean(true));
  EXPECT_EQ(to_scalar(constants[constants.none()]), std::nullopt);
}

TEST(Scalar, Text) {
  EXPECT_EQ(to_text(Scalar::integer(DType::kU64, -1)), "u64(18446744073709551615)");
  EXPECT_EQ(to_text(Scalar::f32(1.5f)), "f32(1.5)");
  EXPECT_EQ(to_text(Scalar::complex(DType::kC128, 1, -0.0)), "c128((1.0-0.0j))");
}

}  // namespace
}  // namespace metate::types

// opencl_std_vector_test – the instructions of OpenCL.std that see whole vectors or memory, on every type that they
// take.
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/level_zero/api.h"
#include "tests/level_zero/opencl_reference.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

constexpr unsigned kLanes[] = {1, 2, 3, 4, 8, 16};
constexpr unsigned kItems = 16;
const char* const kTypes[] = {"i8", "i16", "i32", "i64", "f16", "f32", "f64"};

size_t size_of(const std::string& type) { return std::stoul(type.substr(1)) / 8; }

/// How many numbers lie between the beginnings of two vectors.
unsigned stride(unsigned lanes) { return lanes == 3 ? 4 : lanes; }

std::string numbered(const std::string& name, const std::string& type, unsigned lanes) {
  return name + "_" + type + "_" + std::to_string(lanes);
}

class OpenCLStdVectors : public DeviceTest {
 protected:
  /// Bytes of every value, but for halves, floats and doubles that are no numbers: those may lose their payload.
  uint8_t* random_bytes(size_t count) {
    auto* bytes = shared<uint8_t>(count);
    for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(random_() & 0x3f);
    return bytes;
  }

  template <class... Arguments>
  void run_items(ze_module_handle_t module, const std::string& name, const Arguments&... arguments) {
    run(kernel(module, name.c_str()), {kItems, 1, 1}, {1, 1, 1}, arguments...);
  }

  template <class T>
  void check_geometry(const std::string& type);

  std::mt19937_64 random_{17};
};

// ---- memory
// ------------------------------------------------------------------------------------------------------------

TEST_F(OpenCLStdVectors, AreLoadedAndStoredAnywhere) {
  SpirvText text;
  for (const char* type : kTypes) {
    for (unsigned lanes : kLanes) {
      if (lanes == 1) continue;
      const std::string vector = text.type(SpirvText::vector(type, lanes)), pointer = std::string("g_") + type;
      text.begin_kernel(numbered("copy", type, lanes), {pointer, pointer});
      text.line("%.v = OpExtInst " + vector + " %ocl vloadn %.id %.p0 " + std::to_string(lanes));
      text.line("%.hint = OpExtInst %void %ocl prefetch %.p0 " + text.constant("i64", lanes));
      text.line("%.done = OpExtInst %void %ocl vstoren %.v %.id %.p1");
      text.end_kernel();
    }
  }
  ze_module_handle_t module = build(text.words());
  for (const char* type : kTypes) {
    for (unsigned lanes : kLanes) {
      if (lanes == 1) continue;
      // One element behind what vectors are aligned to.
      const size_t size = size_of(type), bytes = kItems * lanes * size;
      uint8_t *from = random_bytes(bytes + size), *to = shared<uint8_t>(bytes + 2 * size, 0xee);
      run_items(module, numbered("copy", type, lanes), static_cast<void*>(from + size), static_cast<void*>(to + size));
      EXPECT_EQ(std::memcmp(from + size, to + size, bytes), 0) << type << " x " << lanes;
      for (size_t i = 0; i < size; ++i) {
        EXPECT_EQ(to[i], 0xee) << type << " x " << lanes;
        EXPECT_EQ(to[size + bytes + i], 0xee) << type << " x " << lanes;
      }
    }
  }
}

/// The nearest half in a direction: E to nearest, Z to zero, P up, N down.
_Float16 half_of(R x, char mode) {
  const auto nearest = static_cast<_Float16>(x);
  if (std::isnan(x) || static_cast<R>(nearest) == x || mode == 'E') return nearest;
  const bool down = mode == 'N' || (mode == 'Z' && x > 0);
  const R rounded = static_cast<R>(nearest);
  if (std::isinf(rounded)) return std::signbit(x) == down ? nearest : static_cast<_Float16>(down ? 65504 : -65504);
  if (down ? rounded < x : rounded > x) return nearest;
  return static_cast<_Float16>(neighbour<_Float16>(rounded, down ? -INFINITY : INFINITY));
}

template <class T>
std::vector<T> numbers_to_halve() {
  std::vector<T> values = {0,
                           -T(0),
                           1,
                           T(1.0004),
                           T(-1.0005),
                           65504,
                           T(65519.9),
                           65520,
                           70000,
                           -65504,
                           T(-65510),
                           T(6e-8),
                           T(-3e-8),
                           T(2.9e-8),
                           T(1e-7),
                           T(1e-9),
                           T(6e-5),
                           T(2048.7),
                           T(2049),
                           T(-4098.5),
                           static_cast<T>(INFINITY),
                           -static_cast<T>(INFINITY),
                           static_cast<T>(NAN)};
  std::mt19937_64 random(3);
  while (values.size() < kItems * 16) {
    const double unit = static_cast<double>(random() >> 11) * 0x1p-52 - 1;
    values.push_back(static_cast<T>(std::ldexp(unit, static_cast<int>(random() % 44) - 26)));
  }
  return values;
}

struct HalfStore {
  const char* instruction;
  const char* mode;  // as an operand
  char rounding;
  bool aligned, scalar;
};

constexpr HalfStore kHalfStores[] = {
    {"vstore_half", "", 'E', false, true},        {"vstore_half_r", "RTZ", 'Z', false, true},
    {"vstore_half_r", "RTP", 'P', false, true},   {"vstore_half_r", "RTN", 'N', false, true},
    {"vstore_half_r", "RTE", 'E', false, true},   {"vstore_halfn", "", 'E', false, false},
    {"vstore_halfn_r", "RTE", 'E', false, false}, {"vstore_halfn_r", "RTZ", 'Z', false, false},
    {"vstore_halfn_r", "RTP", 'P', false, false}, {"vstore_halfn_r", "RTN", 'N', false, false},
    {"vstorea_halfn", "", 'E', true, false},      {"vstorea_halfn_r", "RTE", 'E', true, false},
    {"vstorea_halfn_r", "RTZ", 'Z', true, false}, {"vstorea_halfn_r", "RTP", 'P', true, false},
    {"vstorea_halfn_r", "RTN", 'N', true, false},
};

template <class T, class Run>
void check_half_stores(const std::string& type, const T* from, _Float16* to, Run run_kernel) {
  for (const HalfStore& store : kHalfStores) {
    for (unsigned lanes : kLanes) {
      if (store.scalar != (lanes == 1)) continue;
      std::memset(to, 0x55, kItems * 16 * sizeof(_Float16));
      run_kernel(numbered(std::string(store.instruction) + store.mode, type, lanes));
      const unsigned step = store.aligned ? stride(lanes) : lanes;
      for (unsigned i = 0; i < kItems * lanes; ++i) {
        const T x = from[i / lanes * stride(lanes) + i % lanes];
        const _Float16 actual = to[i / lanes * step + i % lanes], expected = half_of(x, store.rounding);
        ASSERT_TRUE(ulps(actual, static_cast<R>(expected)) == 0)
            << store.instruction << " " << store.mode << " of " << x << " x " << lanes << " gives "
            << static_cast<double>(actual) << ", not " << static_cast<double>(expected);
      }
    }
  }
}

TEST_F(OpenCLStdVectors, AreStoredAsHalves) {
  SpirvText text;
  for (const std::string type : {"f32", "f64"}) {
    for (const HalfStore& store : kHalfStores) {
      for (unsigned lanes : kLanes) {
        if (store.scalar != (lanes == 1)) continue;
        const std::string vector = SpirvText::vector(type, lanes);
        text.begin_kernel(numbered(std::string(store.instruction) + store.mode, type, lanes), {"g_" + vector, "g_f16"});
        text.load("%.v", vector, "%.p0", "%.id");
        text.line(std::string("%.r = OpExtInst %void %ocl ") + store.instruction + " %.v %.id %.p1 " + store.mode);
        text.end_kernel();
      }
    }
  }
  ze_module_handle_t module = build(text.words());
  auto* halves = shared<_Float16>(kItems * 16);
  float* floats = shared(numbers_to_halve<float>());
  check_half_stores("f32", floats, halves, [&](const std::string& name) { run_items(module, name, floats, halves); });
  double* doubles = shared(numbers_to_halve<double>());
  check_half_stores("f64", doubles, halves, [&](const std::string& name) { run_items(module, name, doubles, halves); });
}

TEST_F(OpenCLStdVectors, AreLoadedFromHalves) {
  struct Load {
    const char* instruction;
    bool aligned, scalar;
  };
  constexpr Load kLoads[] = {{"vload_half", false, true}, {"vload_halfn", false, false}, {"vloada_halfn", true, false}};
  SpirvText text;
  for (const Load& load : kLoads) {
    for (unsigned lanes : kLanes) {
      if (load.scalar != (lanes == 1)) continue;
      const std::string vector = SpirvText::vector("f32", lanes);
      text.begin_kernel(numbered(load.instruction, "f32", lanes), {"g_f16", "g_" + vector});
      text.line("%.v = OpExtInst " + text.type(vector) + " %ocl " + load.instruction + " %.id %.p0" +
                (load.scalar ? "" : " " + std::to_string(lanes)));
      text.store("%.v", vector, "%.p1", "%.id");
      text.end_kernel();
    }
  }
  ze_module_handle_t module = build(text.words());
  std::vector<_Float16> halves;
  for (unsigned i = 0; i < kItems * 16; ++i) halves.push_back(std::bit_cast<_Float16>(static_cast<uint16_t>(i * 257)));
  const _Float16* from = shared(halves);
  float* to = shared<float>(kItems * 16);
  for (const Load& load : kLoads) {
    for (unsigned lanes : kLanes) {
      if (load.scalar != (lanes == 1)) continue;
      run_items(module, numbered(load.instruction, "f32", lanes), from, to);
      const unsigned step = load.aligned ? stride(lanes) : lanes;
      for (unsigned i = 0; i < kItems * lanes; ++i) {
        const auto expected = static_cast<float>(from[i / lanes * step + i % lanes]);
        ASSERT_TRUE(ulps(to[i / lanes * stride(lanes) + i % lanes], R(expected)) == 0)
            << load.instruction << " x " << lanes << ", number " << i;
      }
    }
  }
}

// ---- picking
// -----------------------------------------------------------------------------------------------------------

TEST_F(OpenCLStdVectors, AreShuffled) {
  constexpr unsigned kSizes[] = {2, 4, 8, 16};
  SpirvText text;
  auto name = [](const char* instruction, const char* type, unsigned from, unsigned to) {
    return numbered(std::string(instruction) + std::to_string(from), type, to);
  };
  auto for_each_case = [&](auto run_case) {
    for (const char* type : kTypes) {
      for (unsigned from : kSizes) {
        for (unsigned to : kSizes) run_case(type, from, to);
      }
    }
  };
  for_each_case([&](const char* type, unsigned from, unsigned to) {
    const std::string source = SpirvText::vector(type, from), result = SpirvText::vector(type, to);
    const std::string mask = SpirvText::vector("i" + std::to_string(8 * size_of(type)), to);
    text.begin_kernel(name("shuffle", type, from, to),
                      {"g_" + source, "g_" + source, "g_" + mask, "g_" + result, "g_" + result});
    text.load("%.x", source, "%.p0", "%.id");
    text.load("%.y", source, "%.p1", "%.id");
    text.load("%.m", mask, "%.p2", "%.id");
    text.line("%.r = OpExtInst " + text.type(result) + " %ocl shuffle %.x %.m");
    text.line("%.s = OpExtInst " + text.type(result) + " %ocl shuffle2 %.x %.y %.m");
    text.store("%.r", result, "%.p3", "%.id");
    text.store("%.s", result, "%.p4", "%.id");
    text.end_kernel();
  });
  ze_module_handle_t module = build(text.words());
  const size_t bytes = kItems * 16 * 8;
  uint8_t *x = random_bytes(bytes), *y = random_bytes(bytes), *mask = random_bytes(bytes);
  uint8_t *one = shared<uint8_t>(bytes), *two = shared<uint8_t>(bytes);
  for_each_case([&](const char* type, unsigned from, unsigned to) {
    const size_t size = size_of(type);
    run_items(module, name("shuffle", type, from, to), x, y, mask, one, two);
    for (unsigned i = 0; i < kItems * to; ++i) {
      // The lowest bits of a mask's lane count: those of its first byte.
      const unsigned lane = mask[i * size], base = i / to * from;
      const uint8_t* expected_one = x + (base + lane % from) * size;
      const unsigned second = lane % (2 * from);
      const uint8_t* expected_two = second < from ? x + (base + second) * size : y + (base + second - from) * size;
      ASSERT_EQ(std::memcmp(one + i * size, expected_one, size), 0) << type << " x " << from << " to " << to;
      ASSERT_EQ(std::memcmp(two + i * size, expected_two, size), 0) << type << " x " << from << " twice to " << to;
    }
  });
}

TEST_F(OpenCLStdVectors, AreSelected) {
  SpirvText text;
  for (const char* type : kTypes) {
    for (unsigned lanes : kLanes) {
      const std::string vector = SpirvText::vector(type, lanes);
      const std::string mask = SpirvText::vector("i" + std::to_string(8 * size_of(type)), lanes);
      text.begin_kernel(numbered("select", type, lanes), {"g_" + vector, "g_" + vector, "g_" + mask, "g_" + vector});
      text.load("%.x", vector, "%.p0", "%.id");
      text.load("%.y", vector, "%.p1", "%.id");
      text.load("%.m", mask, "%.p2", "%.id");
      text.line("%.r = OpExtInst " + text.type(vector) + " %ocl select %.x %.y %.m");
      text.store("%.r", vector, "%.p3", "%.id");
      text.end_kernel();
    }
  }
  ze_module_handle_t module = build(text.words());
  const size_t bytes = kItems * 16 * 8;
  uint8_t *x = random_bytes(bytes), *y = random_bytes(bytes), *out = shared<uint8_t>(bytes);
  auto* mask = shared<uint8_t>(bytes);
  for (const char* type : kTypes) {
    const size_t size = size_of(type);
    // Zero, a low bit, the top bit, all bits.
    for (size_t i = 0; i < bytes / size; ++i) {
      std::memset(mask + i * size, i % 4 == 3 ? 0xff : 0, size);
      if (i % 4 == 1) mask[i * size] = 1;
      if (i % 4 == 2) mask[i * size + size - 1] = 0x80;
    }
    for (unsigned lanes : kLanes) {
      run_items(module, numbered("select", type, lanes), x, y, mask, out);
      for (size_t i = 0; i < kItems * stride(lanes); ++i) {
        if (i % stride(lanes) >= lanes) continue;
        const bool second = lanes == 1 ? i % 4 != 0 : i % 4 >= 2;
        ASSERT_EQ(std::memcmp(out + i * size, (second ? y : x) + i * size, size), 0)
            << type << " x " << lanes << ", mask " << i % 4;
      }
    }
  }
}

TEST_F(OpenCLStdVectors, AreUpsampled) {
  SpirvText text;
  for (const char* instruction : {"s_upsample", "u_upsample"}) {
    for (unsigned bits : {8, 16, 32}) {
      for (unsigned lanes : kLanes) {
        const std::string half = SpirvText::vector("i" + std::to_string(bits), lanes);
        const std::string whole = SpirvText::vector("i" + std::to_string(2 * bits), lanes);
        text.begin_kernel(numbered(instruction, std::to_string(bits), lanes), {"g_" + half, "g_" + half, "g_" + whole});
        text.load("%.x", half, "%.p0", "%.id");
        text.load("%.y", half, "%.p1", "%.id");
        text.line("%.r = OpExtInst " + text.type(whole) + " %ocl " + instruction + " %.x %.y");
        text.store("%.r", whole, "%.p2", "%.id");
        text.end_kernel();
      }
    }
  }
  ze_module_handle_t module = build(text.words());
  const size_t bytes = kItems * 16 * 8;
  auto *high = shared<uint8_t>(bytes), *low = shared<uint8_t>(bytes), *out = shared<uint8_t>(bytes);
  for (size_t i = 0; i < bytes; ++i) {
    high[i] = static_cast<uint8_t>(random_());
    low[i] = static_cast<uint8_t>(random_());
  }
  for (const char* instruction : {"s_upsample", "u_upsample"}) {
    for (unsigned size : {1, 2, 4}) {
      for (unsigned lanes : kLanes) {
        run_items(module, numbered(instruction, std::to_string(8 * size), lanes), high, low, out);
        for (size_t i = 0; i < kItems * stride(lanes); ++i) {
          if (i % stride(lanes) >= lanes) continue;
          ASSERT_EQ(std::memcmp(out + 2 * i * size, low + i * size, size), 0) << instruction << " x " << lanes;
          ASSERT_EQ(std::memcmp(out + (2 * i + 1) * size, high + i * size, size), 0) << instruction << " x " << lanes;
        }
      }
    }
  }
}

// ---- geometry
// ----------------------------------------------------------------------------------------------------------

/// Vectors of ordinary, huge, tiny, no and infinite length, and of no numbers.
template <class T>
std::vector<T> geometric_samples(unsigned lanes, unsigned seed) {
  using Limits = FloatLimits<T>;
  std::mt19937_64 random(seed);
  std::vector<T> values(kItems * stride(lanes));
  for (unsigned i = 0; i < kItems; ++i) {
    const R scale = i == 1   ? Limits::kLargest / 5
                    : i == 2 ? 5 * Limits::kNormal
                    : i == 3 ? 20 * Limits::kLeast
                    : i == 4 ? 0
                             : std::ldexp(R(1), static_cast<int>(i % 7) - 3);
    for (unsigned k = 0; k < lanes; ++k) {
      const R unit = R(static_cast<double>(random() >> 11)) * 0x1p-52L - 1;
      values[i * stride(lanes) + k] = static_cast<T>(unit * scale);
    }
    T* vector = &values[i * stride(lanes)];
    if (i == 5) vector[lanes / 2] = static_cast<T>(INFINITY);
    if (i == 6) vector[0] = vector[lanes - 1] = -static_cast<T>(INFINITY);
    if (i == 7) vector[lanes / 2] = static_cast<T>(NAN);
    if (i == 8) vector[0] = static_cast<T>(INFINITY), vector[lanes - 1] = static_cast<T>(NAN);
  }
  return values;
}

template <class T>
R length_of(const T* x, unsigned lanes) {
  R sum = 0;
  for (unsigned k = 0; k < lanes; ++k) sum = std::hypot(sum, static_cast<R>(x[k]));
  for (unsigned k = 0; k < lanes; ++k) {
    if (std::isnan(static_cast<R>(x[k]))) return kNotANumber;
  }
  return sum;
}

/// What normalize is to see in place of infinities.
template <class T>
std::vector<T> without_infinities(const T* x, unsigned lanes) {
  std::vector<T> values(x, x + lanes);
  bool any = false;
  for (T value : values) any = any || std::isinf(static_cast<R>(value));
  for (T& value : values) {
    const R v = static_cast<R>(value);
    if (any) value = static_cast<T>(std::isinf(v) ? std::copysign(R(1), v) : 0 * v);
  }
  return values;
}

template <class T>
void OpenCLStdVectors::check_geometry(const std::string& type) {
  const bool fast = type == "f32";
  SpirvText text;
  for (unsigned lanes : kLanes) {
    const std::string vector = SpirvText::vector(type, lanes);
    const std::string v = text.type(vector), s = text.type(type);
    text.begin_kernel(numbered("geometry", type, lanes), {"g_" + vector, "g_" + vector, "g_" + vector, "g_" + type});
    text.load("%.x", vector, "%.p0", "%.id");
    text.load("%.y", vector, "%.p1", "%.id");
    int vectors = 0, scalars = 0;
    const std::string eight = text.constant("i64", 8);
    text.line("%.base = OpIMul %i64 %.id " + eight);
    auto emit = [&](const std::string& result_type, const char* instruction, const char* operands, int& count) {
      const std::string id = std::string("%.") + instruction, index = id + "_at";
      text.line(id + " = OpExtInst " + result_type + " %ocl " + instruction + " " + operands);
      text.line(index + " = OpIAdd %i64 %.base " + text.constant("i64", static_cast<uint64_t>(count++)));
      const bool scalar = &count == &scalars;
      text.store(id, scalar ? type : vector, scalar ? "%.p3" : "%.p2", index);
    };
    emit(s, "length", "%.x", scalars);
    emit(s, "distance", "%.x %.y", scalars);
    emit(v, "normalize", "%.x", vectors);
    if (lanes == 3 || lanes == 4) emit(v, "cross", "%.x %.y", vectors);
    if (fast) {
      emit(s, "fast_length", "%.x", scalars);
      emit(s, "fast_distance", "%.x %.y", scalars);
      if (lanes != 3 && lanes != 4) ++vectors;
      emit(v, "fast_normalize", "%.x", vectors);
    }
    text.end_kernel();
  }
  ze_module_handle_t module = build(text.words());
  auto bound = [&](R half, R single, R twice) { return sizeof(T) == 2 ? half : sizeof(T) == 4 ? single : twice; };
  for (unsigned lanes : kLanes) {
    T *x = shared(geometric_samples<T>(lanes, 1)), *y = shared(geometric_samples<T>(lanes, 2));
    auto *vectors = shared<T>(kItems * 8 * stride(lanes)), *scalars = shared<T>(kItems * 8);
    run_items(module, numbered("geometry", type, lanes), x, y, vectors, scalars);
    const R n = lanes;
    const R length_bound = bound(0.5L, 3, 6) + bound(0.5L, 0.5L, 1) * (0.5L * n + 0.5L * (n - 1));
    const R distance_bound = bound(0.5L, 3, 6) + (1.5L * n + 0.5L * (n - 1));
    const R normal_bound = bound(1.5L, 2.5L, 5) + (0.5L * n + 0.5L * (n - 1));
    for (unsigned i = 0; i < kItems; ++i) {
      const T *a = x + i * stride(lanes), *b = y + i * stride(lanes);
      const T *vector = vectors + i * 8 * stride(lanes), *scalar = scalars + i * 8;
      std::vector<R> apart;
      for (unsigned k = 0; k < lanes; ++k) apart.push_back(static_cast<R>(a[k]) - static_cast<R>(b[k]));
      const R length = length_of(a, lanes), distance = length_of(apart.data(), lanes);
      for (int k : {0, 2}) {
        if (k == 2 && !fast) continue;
        EXPECT_LE(ulps(scalar[k], length), length_bound) << type << " x " << lanes << ", vector " << i;
        EXPECT_LE(ulps(scalar[k + 1], distance), distance_bound) << type << " x " << lanes << ", vector " << i;
      }
      const std::vector<T> finite = without_infinities(a, lanes);
      const R divisor = length_of(finite.data(), lanes);
      for (unsigned k = 0; k < lanes; ++k) {
        const R expected = divisor == 0 ? static_cast<R>(a[k]) : static_cast<R>(finite[k]) / divisor;
        EXPECT_LE(ulps(vector[k], expected), normal_bound) << type << " x " << lanes << ", vector " << i;
        if (fast && i < 5) {
          EXPECT_LE(ulps(vector[2 * stride(lanes) + k], expected), normal_bound) << type << " x " << lanes << ", " << i;
        }
      }
      if ((lanes != 3 && lanes != 4) || i == 1 || (i >= 5 && i <= 8)) continue;  // products overflow
      const T* product = vector + stride(lanes);
      for (unsigned k = 0; k < lanes; ++k) {
        const unsigned p = (k + 1) % 3, q = (k + 2) % 3;
        auto at = [](const T* v, unsigned index) { return static_cast<R>(v[index]); };
        const R expected = k < 3 ? at(a, p) * at(b, q) - at(a, q) * at(b, p) : 0;
        R largest = 0;
        for (unsigned m = 0; m < 3; ++m) largest = std::max({largest, std::fabs(at(a, m)), std::fabs(at(b, m))});
        const R epsilon = std::ldexp(R(1), 1 - FloatLimits<T>::kDigits);
        EXPECT_LE(std::fabs(static_cast<R>(product[k]) - expected),
                  largest * largest * 3 * epsilon + FloatLimits<T>::kLeast)
            << type << " x " << lanes << ", vector " << i;
      }
    }
  }
}

TEST_F(OpenCLStdVectors, HaveLengths) {
  check_geometry<_Float16>("f16");
  check_geometry<float>("f32");
  check_geometry<double>("f64");
}

}  // namespace
}  // namespace metate::test

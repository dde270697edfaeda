// terrain.cpp – the same from C++: a class gives arrays back, exceptions are exceptions.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "libterrain.h"

/// An array that a compiled function has returned.
class Grid {
 public:
  Grid() = default;
  Grid(const Grid&) = delete;
  ~Grid() { metate_release(array.owner); }

  metate_array_f32_2d array{};
};

static void check(int32_t status, const metate_error& error) {
  if (status) throw std::runtime_error(std::string(error.type) + ": " + error.message);
}

int main(int count, char** words) try {
  if (count != 4) throw std::runtime_error("give the file of heights, rows and columns");
  const int64_t rows = std::atoll(words[2]), columns = std::atoll(words[3]);
  std::vector<float> heights(static_cast<size_t>(rows * columns));
  std::ifstream file(words[1], std::ios::binary);
  file.read(reinterpret_cast<char*>(heights.data()), static_cast<std::streamsize>(heights.size() * sizeof(float)));
  if (!file) throw std::runtime_error("cannot read the heights");

  const metate_array_f32_2d view{heights.data(), nullptr, {rows, columns}, {columns * 4, 4}};
  metate_error error;
  Grid light;
  double slope;
  check(steepest(&view, 90, &slope, &error), error);
  check(hill_shade(&view, 90, 5.5, 0.78, &light.array, &error), error);
  double sum = 0;
  for (int64_t i = 0; i < rows * columns; ++i) sum += light.array.data[i];
  std::cout << "steepest slope: " << slope << " degrees, mean light: " << sum / static_cast<double>(rows * columns)
            << '\n';

  Grid none;
  check(hill_shade(&view, -1, 5.5, 0.78, &none.array, &error), error);
} catch (const std::exception& caught) {
  std::cout << caught.what() << '\n';
}

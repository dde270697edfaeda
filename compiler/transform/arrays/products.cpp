// products – dot of vectors and matrices.
#include <array>

#include "compiler/transform/arrays/array_functions.h"
#include "compiler/transform/arrays/element_access.h"
#include "compiler/transform/arrays/extents.h"
#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::Builder;
using ir::NestMode;
using ir::Opcode;
using ir::TypeId;
using ir::Value;
using ops::ScalarOp;

/// Columns of a product that are computed at once: two rows of them fit the first-level cache.
constexpr int64_t kColumnsAtOnce = 512;

constexpr std::array<uint8_t, 2> kInOrder{0, 1};

class Product {
 public:
  Product(Builder& builder, Value a, Value b)
      : builder_(builder),
        a_(a),
        b_(b),
        element_(builder.universe().types.scalar(builder.function().type_data(a).dtype)) {
    types::Scalar zero = types::Scalar::of(builder.function().type_data(a).dtype, 0);
    zero_ = builder.constant(types::to_constant(zero, false, builder.universe().constants));
  }

  Value of_vectors();
  Value of_matrices(TypeId result);

 private:
  bool a_is_matrix() const { return builder_.function().type_data(a_).ndim == 2; }
  bool b_is_matrix() const { return builder_.function().type_data(b_).ndim == 2; }
  Value extent(Value array, size_t axis) { return Extents(builder_).of(array, axis); }
  Value inner() { return extent(a_, a_is_matrix() ? 1 : 0); }

  Value times(Value x, Value y) { return builder_.op(ScalarOp::kMultiply, {x, y}, element_); }
  Value plus(Value x, Value y) { return builder_.op(ScalarOp::kAdd, {x, y}, element_); }
  Value load_a(Value row, Value k) {
    return load_element(builder_, {a_, a_is_matrix() ? std::vector{row, k} : std::vector{k}});
  }
  Value load_b(Value k, Value column) {
    return load_element(builder_, {b_, b_is_matrix() ? std::vector{k, column} : std::vector{k}});
  }

  Value sum_along(Value row, Value column);
  void by_sums(Value result);
  void by_rows(Value result);

  Builder& builder_;
  Value a_, b_, zero_;
  TypeId element_;
};

/// One element of the product.
Value Product::sum_along(Value row, Value column) {
  NestWriter nest(builder_, {.mode = NestMode::kParallel, .independent = true, .reductions = {{ScalarOp::kAdd}}},
                  std::array{inner()}, std::array{uint8_t{0}}, std::array{zero_});
  Value k = nest.indices()[0];
  Value product = times(load_a(row, k), load_b(k, column));
  return nest.close(std::array{plus(nest.accumulators()[0], product)})[0];
}

Value Product::of_vectors() { return sum_along({}, {}); }

Value Product::of_matrices(TypeId result) {
  std::vector<Value> extents;
  if (a_is_matrix()) extents.push_back(extent(a_, 0));
  if (b_is_matrix()) extents.push_back(extent(b_, 1));
  Value array = builder_.emit_value(Opcode::kAlloc, 0, extents, result);
  // Sums along what is contiguous: a's rows and, if it has them, b's columns.
  bool columns_lie = !b_is_matrix() || builder_.function().type_data(b_).layout == types::Layout::kF;
  columns_lie ? by_sums(array) : by_rows(array);
  return array;
}

void Product::by_sums(Value result) {
  std::vector<Value> extents = Extents(builder_).of(result);
  std::span<const uint8_t> order(kInOrder.data(), extents.size());
  NestWriter nest(builder_, {.mode = NestMode::kParallel, .independent = true}, extents, order);
  Value row = a_is_matrix() ? nest.indices().front() : Value();
  Value column = b_is_matrix() ? nest.indices().back() : Value();
  builder_.store(sum_along(row, column), result, nest.indices());
  nest.close();
}

/// Rows of b, multiplied by an element of a, are added to a row of the result: some columns at once.
void Product::by_rows(Value result) {
  Value columns = extent(b_, 1), at_once = builder_.constant_int(kColumnsAtOnce);
  Value rounded = whole::add(builder_, columns, builder_.constant_int(kColumnsAtOnce - 1));
  std::vector<Value> extents;
  if (a_is_matrix()) extents.push_back(extent(a_, 0));
  extents.push_back(whole::floor_divide(builder_, rounded, at_once));
  Value length = inner();
  NestWriter nest(builder_, {.mode = NestMode::kParallel, .independent = true}, extents,
                  std::span(kInOrder).first(extents.size()));
  Value row = a_is_matrix() ? nest.indices()[0] : Value();
  Value begin = whole::multiply(builder_, nest.indices().back(), at_once);
  std::array count{whole::minimum(builder_, at_once, whole::subtract(builder_, columns, begin))};
  auto place = [&](Value index) {
    Value column = whole::add(builder_, begin, index);
    return a_is_matrix() ? std::vector{row, column} : std::vector{column};
  };
  ir::NestData of_columns{.mode = NestMode::kSerial, .independent = true};

  NestWriter clear(builder_, of_columns, count, std::array{uint8_t{0}});
  builder_.store(zero_, result, place(clear.indices()[0]));
  clear.close();

  NestWriter rows(builder_, {.mode = NestMode::kSerial}, std::array{length}, std::array{uint8_t{0}});
  Value k = rows.indices()[0], factor = load_a(row, k);
  NestWriter add(builder_, of_columns, count, std::array{uint8_t{0}});
  std::vector<Value> at = place(add.indices()[0]);
  builder_.store(plus(builder_.load(result, at), times(factor, load_b(k, at.back()))), result, at);
  add.close();
  rows.close();
  nest.close();
}

}  // namespace

Value expand_dot(Builder& builder, std::span<const Value> operands, TypeId result) {
  Product product(builder, operands[0], operands[1]);
  if (builder.universe().types.is_array(result)) return product.of_matrices(result);
  return builder.cast(product.of_vectors(), result);
}

}  // namespace metate::transform

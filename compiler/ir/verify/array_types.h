// array_types.h – what array instructions take and give: one check each, for types.cpp.
#pragma once

#include "compiler/ir/verify/report.h"

namespace metate::ir {

class ArrayTypeCheck {
 public:
  explicit ArrayTypeCheck(Report& report) : report_(report), function_(report.function()) {}

  /// Numbers give a number; at array level an array among them gives an array of as many dimensions as the largest.
  bool check_broadcast(Inst inst, std::span<const Value> operands, const types::Type& result);

  void check_axis(Inst inst);  // dim, stride
  void check_index(Inst inst);
  void check_element(Inst inst);  // load, store
  void check_atomic(Inst inst);
  void check_view(Inst inst);
  void check_transpose(Inst inst);
  void check_reshaped(Inst inst);  // reshape, broadcast
  void check_widen(Inst inst);
  void check_overlap(Inst inst);
  void check_distance(Inst inst);
  void check_array_real(Inst inst);
  void check_alloc(Inst inst);
  void check_local(Inst inst);
  void check_written(Inst inst);  // assign, op_out
  void check_reduce(Inst inst);
  void check_map(Inst inst);
  void check_counted(Inst inst);  // retain, release

 private:
  void check_extents(Inst inst, std::span<const Value> extents);
  const types::Type& operand(Inst inst, size_t i) const { return function_.type_data(function_.operands(inst)[i]); }
  const types::Type& result(Inst inst) const { return function_.type_data(function_.result(inst)); }
  bool is_array(const types::Type& type) const { return type.kind == types::TypeKind::kArray; }
  bool is_number(const types::Type& type) const { return type.kind == types::TypeKind::kScalar; }
  /// An index, extent or axis: int64, weak or not.
  bool is_whole(const types::Type& type) const { return is_number(type) && type.dtype == types::DType::kI64; }
  bool all_whole(std::span<const Value> values) const;
  bool require(bool condition, Inst inst, std::string_view message) {
    return report_.require(condition, inst, message);
  }
  bool require_array(Inst inst, size_t i);

  Report& report_;
  const Function& function_;
};

}  // namespace metate::ir

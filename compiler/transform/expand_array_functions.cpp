#include "compiler/transform/expand_array_functions.h"

#include "compiler/transform/arrays/array_functions.h"
#include "compiler/transform/block_rewriter.h"

namespace metate::transform {
namespace {

struct Row {
  ops::ArrayFunction function;
  Expander expand;
};
constexpr Row kRows[] = {
    {ops::ArrayFunction::kZeros, expand_zeros},   {ops::ArrayFunction::kFull, expand_full},
    {ops::ArrayFunction::kArange, expand_arange}, {ops::ArrayFunction::kCopy, expand_copy},
    {ops::ArrayFunction::kDot, expand_dot},
};

class ExpandArrayFunctions : public BlockRewriter {
 public:
  explicit ExpandArrayFunctions(ir::Function& function) : BlockRewriter(function) {}

 private:
  bool replace(ir::Inst inst) override {
    const ir::InstData& data = function_.inst(inst);
    if (data.opcode != ir::Opcode::kArrayFunction) return false;
    for (const Row& row : kRows) {
      if (static_cast<uint32_t>(row.function) != data.imm) continue;
      std::vector<ir::Value> operands(function_.operands(inst).begin(), function_.operands(inst).end());
      ir::Value result = function_.result(inst);
      replace_value(result, row.expand(builder_, operands, function_.type(result)));
      return true;
    }
    return false;  // enter_loop_stage reports what is left over
  }
};

}  // namespace

void expand_array_functions(ir::Function& function, PassContext&) { ExpandArrayFunctions(function).run(); }

}  // namespace metate::transform

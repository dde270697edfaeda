#include "compiler/driver/access.h"

#include <algorithm>
#include <map>

namespace metate::driver {
namespace {

using ir::Opcode;
using ir::Value;

/// Follows each array that is stored into back to the parameters that it may stand on.
class Accesses {
 public:
  explicit Accesses(const Specialisations& functions) : functions_(functions) {}

  const std::vector<bool>& of(uint32_t index) {
    auto [entry, is_new] = known_.emplace(index, std::vector<bool>());
    if (!is_new) return entry->second;
    const ir::Function& function = *functions_[index].function;
    // A recursive call meets this answer: all written.
    entry->second.assign(function.params().size(), true);
    std::vector<bool> written(function.params().size(), false);
    for (uint32_t block = 0; block < function.block_count(); ++block)
      for (ir::Inst inst : function.block(ir::Block(block)).insts) visit(function, inst, written);
    return known_[index] = written;
  }

 private:
  void visit(const ir::Function& function, ir::Inst inst, std::vector<bool>& written) {
    std::span<const Value> operands = function.operands(inst);
    if (function.inst(inst).opcode == Opcode::kStore) mark(function, operands[1], written);
    if (function.inst(inst).opcode == Opcode::kAtomic) mark(function, operands[0], written);
    if (function.inst(inst).opcode != Opcode::kCall) return;
    const std::vector<bool> callee = of(function.callees[function.inst(inst).imm].specialisation);
    for (size_t i = 0; i < operands.size(); ++i)
      if (callee[i]) mark(function, operands[i], written);
  }

  void mark(const ir::Function& function, Value array, std::vector<bool>& written) {
    std::vector<Value> work{array};
    support::SideTable<Value, uint8_t> seen;
    while (!work.empty()) {
      Value value = work.back();
      work.pop_back();
      if (seen[value]) continue;
      seen[value] = 1;
      if (ir::Inst inst = function.defining_inst(value)) {
        for (Value operand : function.operands(inst)) work.push_back(operand);
        continue;
      }
      std::span<const Value> params = function.params();
      for (size_t i = 0; i < params.size(); ++i)
        if (params[i] == value) written[i] = true;
      // A parameter of another block may be any argument of the function.
      bool is_entry = std::find(params.begin(), params.end(), value) != params.end();
      if (!is_entry && !function.universe().types.is_scalar(function.type(value))) written.assign(written.size(), true);
    }
  }

  const Specialisations& functions_;
  std::map<uint32_t, std::vector<bool>> known_;
};

}  // namespace

std::vector<bool> written_parameters(const Specialisations& functions, const Specialisation& root) {
  return Accesses(functions).of(functions.closure(root).front());
}

}  // namespace metate::driver

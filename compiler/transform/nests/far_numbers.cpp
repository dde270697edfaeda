#include "compiler/transform/nests/far_numbers.h"

#include <array>

#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/arrays/storage.h"
#include "compiler/transform/block_rewriter.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;
using ir::Region;
using ir::Value;

class FarNumbers : public BlockRewriter {
 public:
  explicit FarNumbers(ir::Function& function) : BlockRewriter(function) {}

 private:
  bool replace(Inst inst) override {
    const Opcode opcode = function_.inst(inst).opcode;
    if (opcode != Opcode::kLoad && opcode != Opcode::kStore) return false;
    const Value array = function_.operands(inst)[opcode == Opcode::kLoad ? 0 : 1];
    if (!may_be_far(array) || !is_sequential(function_.block(builder_.block()).region)) return false;
    if (opcode == Opcode::kLoad)
      replace_value(function_.result(inst), load(array));
    else
      store(current(function_.operands(inst)[0]), array);
    return true;
  }

  /// The function's own memory, and global arrays, are the host's as well.
  bool may_be_far(Value array) const {
    const types::Type& type = function_.type_data(array);
    if (type.ndim != 0 || type.space != types::MemorySpace::kGlobal) return false;
    const Value storage = storage_of(function_, array);
    return !is_new_storage(function_, storage) && !function_.constant(storage).valid();
  }

  /// Whether code there runs on the host, once at a time.
  bool is_sequential(Region region) const {
    while (Inst nest = function_.region(region).owner) {
      if (function_.nests[function_.inst(nest).imm].mode != ir::NestMode::kSerial) return false;
      region = function_.block(function_.inst(nest).block).region;
    }
    return true;
  }

  Value load(Value array) {
    const types::DType dtype = function_.type_data(array).dtype;
    const Value one = builder_.constant_int(1);
    const Value copy =
        builder_.emit_value(Opcode::kAlloc, 0, {one}, function_.universe().types.array(dtype, 1, types::Layout::kC));
    NestWriter nest = once(one);
    builder_.store(builder_.load(array, {}), copy, nest.indices());
    nest.close();
    return builder_.load(copy, std::array{builder_.constant_int(0)});
  }

  void store(Value number, Value array) {
    NestWriter nest = once(builder_.constant_int(1));
    builder_.store(number, array, {});
    nest.close();
  }

  NestWriter once(Value one) {
    return NestWriter(builder_, {.mode = ir::NestMode::kDevice, .independent = true}, std::array{one},
                      std::array{uint8_t{0}});
  }
};

}  // namespace

void fetch_numbers(ir::Function& function) { FarNumbers(function).run(); }

}  // namespace metate::transform

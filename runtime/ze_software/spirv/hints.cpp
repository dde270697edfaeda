// hints – what a program promises or expects of its values, which changes none of them.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

bool read_hint(Reader& reader, const Instruction& instruction) {
  switch (instruction.opcode) {
    case spv::Op::OpAssumeTrueKHR:
      // LLVM is not told: a promise that is not kept would be undefined behaviour, inside of the host's process.
      if (!reader.value(instruction.operands[0])->getType()->isIntegerTy(1)) {
        reader.fail("OpAssumeTrueKHR assumes what is no truth value");
      }
      return true;
    case spv::Op::OpExpectKHR:
      reader.define(instruction, reader.value(instruction.operands[0]));
      return true;
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv

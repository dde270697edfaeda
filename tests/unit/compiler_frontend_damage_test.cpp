// compiler_frontend_damage_test – recorded functions with random damage: every one is built or refused, never more.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "compiler/bytecode/recording.h"
#include "compiler/frontend/build.h"
#include "compiler/frontend/standard_environment.h"
#include "compiler/ir/text/print.h"
#include "compiler/ir/verify/verify.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

using Codes = std::vector<std::shared_ptr<const bytecode::CodeObject>>;

Codes recordings() {
  Codes all;
  for (const char* version : {"3.10", "3.13"}) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(METATE_TEST_DATA "/../../frontend/") + version))
      paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
      std::stringstream text;
      text << std::ifstream(path).rdbuf();
      auto codes = bytecode::read_recording(text.str());
      EXPECT_TRUE(codes) << path;
      if (codes) all.insert(all.end(), codes->begin(), codes->end());
    }
  }
  return all;
}

struct Damage {
  std::mt19937 random{20240817};

  uint32_t below(size_t count) { return count == 0 ? 0 : static_cast<uint32_t>(random() % count); }

  /// Operands stay within their tables, as decode makes sure of; everything else may become anything.
  void apply(bytecode::DecodedFunction& function, const bytecode::CodeObject& code) {
    Instruction& instruction = function.instructions[below(function.instructions.size())];
    switch (below(5)) {
      case 0: {  // another instruction in its place
        const Instruction& other = function.instructions[below(function.instructions.size())];
        instruction = other;
        break;
      }
      case 1:
        std::swap(instruction, function.instructions[below(function.instructions.size())]);
        break;
      case 2: {  // another opcode with the same kind of operand
        auto opcode = static_cast<Opcode>(below(static_cast<size_t>(Opcode::kUnsupported)));
        if (operand_kind(opcode) == operand_kind(instruction.opcode)) instruction.opcode = opcode;
        break;
      }
      default:
        damage_operand(instruction, function, code);
    }
  }

  void damage_operand(Instruction& instruction, const bytecode::DecodedFunction& function,
                      const bytecode::CodeObject& code) {
    switch (operand_kind(instruction.opcode)) {
      case bytecode::OperandKind::kVariable:
        instruction.operand = below(function.variables.size());
        break;
      case bytecode::OperandKind::kName:
        instruction.operand = below(code.names.size());
        break;
      case bytecode::OperandKind::kConst:
        instruction.operand = below(code.consts.size());
        break;
      case bytecode::OperandKind::kTarget:
        instruction.operand = below(function.instructions.size() + 1);
        break;
      case bytecode::OperandKind::kCount:
      case bytecode::OperandKind::kDepth:
        instruction.operand = below(6);
        break;
      default:
        break;
    }
  }
};

TEST(FrontendDamage, IsReportedOrHarmless) {
  Damage damage;
  size_t built = 0, refused = 0;
  for (const auto& code : recordings()) {
    auto decoded = bytecode::decode(*code);
    ASSERT_TRUE(decoded) << code->name;
    for (int round = 0; round < 40; ++round) {
      bytecode::DecodedFunction damaged = *decoded;
      for (uint32_t i = damage.below(4) + 1; i > 0; --i) damage.apply(damaged, *code);
      ir::Universe universe;
      StandardEnvironment environment(universe);
      support::Diagnostics diagnostics;
      std::optional<ir::Function> function =
          build(*code, damaged, environment, universe, {.parallel = true}, diagnostics);
      EXPECT_EQ(function.has_value(), diagnostics.all().empty());
      ++(function ? built : refused);
      if (!function) continue;
      std::vector<std::string> problems = verify(*function);
      EXPECT_TRUE(problems.empty()) << code->name << ": " << problems.front() << "\n" << print(*function);
    }
  }
  EXPECT_GT(built, 1000u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace metate::frontend

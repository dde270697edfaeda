// compiler_bytecode_test – tables are sound, damaged code is refused, and whatever is decoded is well formed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "compiler/bytecode/decode.h"
#include "compiler/bytecode/recording.h"
#include "compiler/bytecode/text.h"
#include "compiler/bytecode/versions.h"

namespace metate::bytecode {
namespace {

// ---- Recorded code objects ----------------------------------------------------------------------------------------

using Codes = std::vector<std::shared_ptr<const CodeObject>>;

void add_with_inner(Codes& codes, const std::shared_ptr<const CodeObject>& code) {
  codes.push_back(code);
  for (const Const& constant : code->consts) {
    if (const auto* inner = constant.get_if<Const::Code>()) add_with_inner(codes, *inner);
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Every recorded function of every version, with the functions inside of it.
const Codes& recorded() {
  static const Codes codes = [] {
    Codes all;
    for (const Version& version : known_versions()) {
      const std::string name = std::to_string(version.major) + "." + std::to_string(version.minor);
      const std::filesystem::path folder = std::filesystem::path(METATE_TEST_DATA) / "../../bytecode" / name;
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        auto codes_of_file = read_recording(read_file(entry.path()));
        if (!codes_of_file) ADD_FAILURE() << entry.path() << ": " << codes_of_file.error().message;
        if (codes_of_file) {
          for (const auto& code : *codes_of_file) add_with_inner(all, code);
        }
      }
    }
    return all;
  }();
  return codes;
}

// ---- Well-formed neutral code -------------------------------------------------------------------------------------

/// Follows every path with its stack depth alone. Empty if all is well.
class Checker {
 public:
  Checker(const DecodedFunction& function, const CodeObject& code)
      : function_(function), code_(code), depths_(function.instructions.size(), kUnknown) {}

  std::string run() {
    reach(0, 0);
    while (!todo_.empty() && problem_.empty()) {
      const uint32_t index = todo_.back();
      todo_.pop_back();
      step(index);
    }
    return problem_;
  }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  void fail(uint32_t index, const std::string& what) {
    if (problem_.empty()) problem_ = "instruction " + std::to_string(index) + ": " + what;
  }

  void reach(uint32_t index, uint32_t depth) {
    if (index >= depths_.size()) return fail(index, "there is none");
    if (depths_[index] == kUnknown) {
      depths_[index] = depth;
      todo_.push_back(index);
    } else if (depths_[index] != depth) {
      fail(index, "reached with two depths");
    }
  }

  void step(uint32_t index) {
    const Instruction& instruction = function_.instructions[index];
    const uint8_t flag = flags(instruction.opcode);
    const StackEffect effect = stack_effect(instruction.opcode, instruction.operand, instruction.extra);
    if (effect.pops + effect.peeks > depths_[index]) return fail(index, "too few values");
    const uint32_t depth = depths_[index] - effect.pops + effect.pushes;
    if (!operand_is_valid(instruction)) return fail(index, "its operand names nothing");
    if (instruction.handler != kNoHandler) {
      if ((flag & kMayRaise) == 0) return fail(index, "has a handler and cannot raise");
      if (instruction.handler >= function_.handlers.size()) return fail(index, "no such handler");
      const Handler& handler = function_.handlers[instruction.handler];
      if (handler.depth > depths_[index]) return fail(index, "its handler keeps too much");
      reach(handler.target, handler.depth + 1);
    }
    if ((flag & kJump) != 0) reach(instruction.operand, instruction.opcode == Opcode::kForIter ? depth - 2 : depth);
    if ((flag & kNoFallThrough) == 0) reach(index + 1, depth);
  }

  bool operand_is_valid(const Instruction& instruction) const {
    const uint32_t operand = instruction.operand;
    switch (operand_kind(instruction.opcode)) {
      case OperandKind::kVariable:
        return operand < function_.variables.size();
      case OperandKind::kName:
        return operand < code_.names.size();
      case OperandKind::kConst:
        return operand < code_.consts.size();
      case OperandKind::kUnsupportedName:
        return operand < function_.unsupported.size();
      case OperandKind::kUnaryOperator:
        return operand < 4;
      case OperandKind::kBinaryOperator:
        return operand < kBinaryOperatorCount;
      case OperandKind::kCompareOperator:
        return operand < kCompareOperatorCount;
      case OperandKind::kDepth:
        return operand >= 1;
      case OperandKind::kNone:
      case OperandKind::kTarget:
      case OperandKind::kCount:
      case OperandKind::kInverted:
      case OperandKind::kConversion:
      case OperandKind::kFunctionParts:
        return true;
    }
    return false;
  }

  const DecodedFunction& function_;
  const CodeObject& code_;
  std::vector<uint32_t> depths_;
  std::vector<uint32_t> todo_;
  std::string problem_;
};

std::string problem_of(const DecodedFunction& function, const CodeObject& code) {
  return Checker(function, code).run();
}

TEST(Decode, GivesWellFormedCodeForEverythingRecorded) {
  ASSERT_GT(recorded().size(), 4 * 70u);
  for (const auto& code : recorded()) {
    const auto decoded = decode(*code);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(problem_of(*decoded, *code), "") << print(*decoded, *code);
  }
}

// Every byte of the code and of the exception table is replaced by a few others. What comes out is an error or is
// well formed; in both cases nothing was read or written out of place, which the sanitizer build watches.
TEST(Decode, RefusesDamageOrStaysWellFormed) {
  std::mt19937 random(20240607);  // NOLINT(bugprone-random-generator-seed): the same damage each time
  size_t refused = 0, decoded_count = 0;
  for (const auto& original : recorded()) {
    CodeObject code = *original;
    for (std::vector<uint8_t>* bytes : {&code.bytecode, &code.exception_table}) {
      for (uint8_t& byte : *bytes) {
        const uint8_t kept = byte;
        byte = static_cast<uint8_t>(random());
        const auto decoded = decode(code);
        if (decoded) {
          ++decoded_count;
          ASSERT_EQ(problem_of(*decoded, code), "") << write_recording(code) << print(*decoded, code);
        } else {
          ++refused;
          ASSERT_EQ(decoded.error().code, base::ErrorCode::kInvalidArgument);
        }
        byte = kept;
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(decoded_count, 1000u);
}

TEST(Decode, RefusesCodeThatIsCutOff) {
  for (const auto& original : recorded()) {
    CodeObject code = *original;
    code.positions.clear();
    code.exception_table.clear();
    code.bytecode.resize(code.bytecode.size() - 2);
    const auto decoded = decode(code);
    if (decoded) EXPECT_EQ(problem_of(*decoded, code), "");
    code.bytecode.resize(code.bytecode.size() - 1);
    EXPECT_FALSE(decode(code));
  }
}

// ---- Small code objects by hand -----------------------------------------------------------------------------------

/// A function of CPython 3.12 with names "n", consts 1 and ("k",), variables "a" "b".
CodeObject small_code(std::vector<uint8_t> bytecode) {
  CodeObject code;
  code.version_major = 3;
  code.version_minor = 12;
  code.name = code.qualname = "f";
  code.filename = "small.py";
  code.first_line = 7;
  code.stack_size = 8;
  code.names = {"n"};
  code.varnames = {"a", "b"};
  code.consts.push_back({int64_t{1}});
  code.consts.push_back({Const::Tuple{{Const{std::string("k")}}}});
  code.bytecode = std::move(bytecode);
  return code;
}

std::string error_of(const CodeObject& code) {
  const auto decoded = decode(code);
  return decoded ? "decoded" : decoded.error().message;
}

constexpr uint8_t kPopTop = 1, kPushNull = 2, kReturnValue = 83, kBuildTuple = 102, kJumpForward = 110,
                  kPopJumpIfFalse = 114, kSwap = 99, kLoadConst = 100, kLoadFast = 124, kExtendedArg = 144, kCall = 171,
                  kKwNames = 172;

TEST(Decode, NamesTheVersionsItKnows) {
  CodeObject code = small_code({kLoadConst, 0, kReturnValue, 0});
  ASSERT_TRUE(decode(code));
  code.version_minor = 9;
  const auto decoded = decode(code);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, base::ErrorCode::kUnsupported);
  EXPECT_EQ(decoded.error().message, "bytecode of CPython 3.9 is not known; known are " + known_version_names());
  EXPECT_NE(known_version_names().find("3.10, 3.11, 3.12, 3.13"), std::string::npos);
}

TEST(Decode, SaysWhatIsDamagedAndWhere) {
  const auto damaged = [](int unit, const std::string& what) {
    return "damaged bytecode of f (small.py:7), code unit " + std::to_string(unit) + ": " + what;
  };
  EXPECT_EQ(error_of(small_code({})), damaged(0, "there is no instruction"));
  EXPECT_EQ(error_of(small_code({kLoadConst})), damaged(0, "the number of bytes is odd"));
  EXPECT_EQ(error_of(small_code({kLoadConst, 0})), damaged(0, "LOAD_CONST: control runs off the end"));
  EXPECT_EQ(error_of(small_code({kLoadConst, 2, kReturnValue, 0})), damaged(0, "LOAD_CONST: there is no constant 2"));
  EXPECT_EQ(error_of(small_code({kLoadFast, 9, kReturnValue, 0})), damaged(0, "LOAD_FAST: there is no variable 9"));
  EXPECT_EQ(error_of(small_code({kReturnValue, 0})), damaged(0, "RETURN_VALUE: the stack has too few values"));
  EXPECT_EQ(error_of(small_code({kJumpForward, 9})), damaged(0, "JUMP_FORWARD: a jump to where no instruction starts"));
  EXPECT_EQ(error_of(small_code({222, 0})), damaged(0, "CPython 3.12 has no opcode 222"));
  EXPECT_EQ(error_of(small_code({kExtendedArg, 1})), damaged(1, "a prefix without an instruction"));
  EXPECT_EQ(error_of(small_code({kPushNull, 0, kReturnValue, 0})),
            damaged(1, "RETURN_VALUE: the stack has too few values"));
  EXPECT_EQ(error_of(small_code({kPushNull, 0, kLoadConst, 0, kSwap, 2, kReturnValue, 0})),
            damaged(2, "SWAP: a swap of what is no value"));
}

TEST(Decode, RefusesPathsThatMeetWithDifferentStacks) {
  // if a: push a constant; then pop
  const auto code = small_code({kLoadFast, 0, kLoadFast, 0, kPopJumpIfFalse, 1, kLoadConst, 0, kReturnValue, 0});
  EXPECT_NE(error_of(code).find("two paths meet with different stacks"), std::string::npos);
}

TEST(Decode, RefusesHugeStackEffects) {
  const auto code = small_code({kExtendedArg, 255, kExtendedArg, 255, kExtendedArg, 255, kBuildTuple, 255, 83, 0});
  EXPECT_NE(error_of(code).find("there is no operand 4294967295"), std::string::npos);
}

TEST(Decode, FoldsPrefixesIntoOperands) {
  CodeObject code = small_code({kExtendedArg, 1, kExtendedArg, 2, kLoadConst, 3, kReturnValue, 0});
  code.consts.resize(0x10204);
  const auto decoded = decode(code);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->instructions.size(), 2u);
  EXPECT_EQ(decoded->instructions[0].operand, 0x10203u);
}

TEST(Decode, LeavesUnreachableCodeOut) {
  const auto decoded = decode(small_code({kLoadFast, 1, kReturnValue, 0, kLoadConst, 0, kPopTop, 0}));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->instructions.size(), 2u);
}

TEST(Decode, TakesKeywordNamesIntoTheCall) {
  const auto call = [](uint8_t names, uint8_t count) {
    return small_code({kPushNull, 0, kLoadFast, 0, kLoadFast, 1, kKwNames, names, kCall, count, 0, 0, 83, 0});
  };
  const auto decoded = decode(call(1, 1));
  ASSERT_TRUE(decoded) << decoded.error().message;
  const Instruction& instruction = decoded->instructions[2];
  EXPECT_EQ(instruction.opcode, Opcode::kCall);
  EXPECT_EQ(instruction.operand, 1u);
  EXPECT_EQ(instruction.extra, 1u);
  EXPECT_NE(error_of(call(0, 1)).find("no tuple of strings"), std::string::npos);
  EXPECT_NE(error_of(call(7, 1)).find("no tuple of strings"), std::string::npos);
}

TEST(Decode, RefusesHandlersOutsideOfTheCode) {
  CodeObject code = small_code({kLoadFast, 0, kReturnValue, 0});
  code.exception_table = {0x80, 1, 9, 0};
  EXPECT_NE(error_of(code).find("an exception handler starts where no instruction does"), std::string::npos);
  code.exception_table = {0x80, 1, 1};
  EXPECT_NE(error_of(code).find("the exception table ends inside an entry"), std::string::npos);
  code.exception_table = {0x80, 1, 1, 6};
  EXPECT_NE(error_of(code).find("keeps more of the stack than there is"), std::string::npos);
}

// ---- Tables -------------------------------------------------------------------------------------------------------

TEST(Tables, HaveEachOpcodeOnce) {
  for (const Version& version : known_versions()) {
    std::set<int> numbers;
    std::set<std::string_view> names;
    int prefixes = 0;
    for (const OpcodeRow& row : version.table.rows()) {
      EXPECT_TRUE(numbers.insert(row.number).second) << version.minor << " " << row.name;
      EXPECT_TRUE(names.insert(row.name).second) << version.minor << " " << row.name;
      EXPECT_EQ(version.table.find(row.number), &row);
      EXPECT_EQ(row.kind == RowKind::kIrregular, row.function != nullptr);
      if (row.kind == RowKind::kPrefix) ++prefixes;
    }
    EXPECT_EQ(prefixes, 1);
  }
}

// Table and neutral instruction have to agree on whether there is a jump.
TEST(Tables, GiveTargetsToJumpsOnly) {
  for (const Version& version : known_versions()) {
    for (const OpcodeRow& row : version.table.rows()) {
      if (row.kind != RowKind::kOpcode) continue;
      const OperandSource source = row.operand.source;
      const bool jumps =
          source == OperandSource::kForward || source == OperandSource::kBackward || source == OperandSource::kAbsolute;
      EXPECT_EQ(jumps, (flags(row.opcode) & kJump) != 0) << version.minor << " " << row.name;
      EXPECT_EQ(source == OperandSource::kName, operand_kind(row.opcode) == OperandKind::kName) << row.name;
      EXPECT_EQ(source == OperandSource::kConstant, operand_kind(row.opcode) == OperandKind::kConst) << row.name;
      EXPECT_EQ(source == OperandSource::kVariable || source == OperandSource::kCell,
                operand_kind(row.opcode) == OperandKind::kVariable)
          << row.name;
    }
  }
}

}  // namespace
}  // namespace metate::bytecode

// check_marks – lines, names and extents that a compiler left for the kernel checker (runtime/abi/kernel_check.h).
#include <algorithm>
#include <charconv>

#include "runtime/abi/kernel_check.h"
#include "runtime/ze_software/spirv/check_notes.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

class MarkReader {
 public:
  MarkReader(Reader& reader, CheckNotes& notes) : reader_(reader), b_(reader.builder()), notes_(notes) {}

  uint32_t line(std::string_view file, uint64_t number) {
    CheckNotes::Line wanted{std::string(file), static_cast<uint32_t>(number)};
    auto found = std::find(notes_.lines.begin(), notes_.lines.end(), wanted);
    if (found == notes_.lines.end()) found = notes_.lines.insert(found, std::move(wanted));
    return static_cast<uint32_t>(found - notes_.lines.begin());
  }

  void note_line(std::string_view file, uint64_t number) { note(kLineNote, {b_.getInt32(line(file, number))}); }

  /// False for a mark that does not read as it should.
  bool read(std::string_view text, std::span<const uint32_t> operands) {
    const std::string_view word = take_word(text);
    if (word == "line") return operands.size() == 1 && read_line(text, operands[0]);
    if (word == "kernel") return operands.size() == 1 && read_kernel(text, operands[0]);
    if (word == "internal") return operands.size() == 1 && note(kInternalNote, {reader_.value(operands[0])});
    take_word(text);  // the storage class
    if (word == "array") return operands.size() == 4 && read_array(text, operands);
    if (word == "storage") return operands.size() == 3 && read_storage(text, operands);
    return false;
  }

 private:
  static std::string_view take_word(std::string_view& text) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
  }

  bool note(const char* name, llvm::ArrayRef<llvm::Value*> arguments) {
    llvm::SmallVector<llvm::Type*, 4> types;
    for (llvm::Value* argument : arguments) types.push_back(argument->getType());
    auto* type = llvm::FunctionType::get(b_.getVoidTy(), types, false);
    llvm::FunctionCallee callee = reader_.module().getOrInsertFunction(name, type);
    auto* function = llvm::dyn_cast<llvm::Function>(callee.getCallee());
    if (!function || function->getFunctionType() != type) return false;
    function->setDoesNotThrow();
    b_.CreateCall(callee, arguments);
    return true;
  }

  bool read_line(std::string_view file, uint32_t number) {
    const std::optional<uint64_t> value = reader_.constant(number);
    if (value) note_line(file, *value);
    return value.has_value();
  }

  bool read_kernel(std::string_view name, uint32_t dimensions) {
    const std::optional<uint64_t> value = reader_.constant(dimensions);
    if (!value || *value > 3) return false;
    notes_.kernels[b_.GetInsertBlock()->getParent()] = {std::string(name), static_cast<uint32_t>(*value)};
    return true;
  }

  llvm::Value* name_index(std::string_view name) {
    notes_.names.emplace_back(name == "?" ? std::string_view() : name);
    return b_.getInt32(static_cast<uint32_t>(notes_.names.size() - 1));
  }

  bool read_array(std::string_view text, std::span<const uint32_t> operands) {
    llvm::Value* parts[4];
    for (size_t i = 0; i < 4; ++i) parts[i] = reader_.value(operands[i]);
    return reader_.constant(operands[3]) &&
           note(kArrayNote, {parts[0], parts[1], parts[2], name_index(text), parts[3]});
  }

  bool read_storage(std::string_view text, std::span<const uint32_t> operands) {
    const std::optional<uint64_t> number = reader_.constant(operands[1]);
    const std::string_view named = take_word(text);
    return number && reader_.constant(operands[2]) &&
           note(kStorageNote, {reader_.value(operands[0]), b_.getInt32(line(text, *number)), name_index(named),
                               reader_.value(operands[2])});
  }

  Reader& reader_;
  llvm::IRBuilder<>& b_;
  CheckNotes& notes_;
};

}  // namespace

bool read_check_mark(Reader& reader, const Instruction& instruction, std::string_view name) {
  if (!name.starts_with(abi::kCheckMark)) return false;
  CheckNotes* notes = reader.check_notes();
  if (!notes) return true;
  MarkReader marks(reader, *notes);
  if (!marks.read(name.substr(abi::kCheckMark.size()), instruction.operands.subspan(1)))
    reader.fail("'" + std::string(name) + "' is no mark that the kernel checker knows");
  return true;
}

void read_source_line(Reader& reader, const Instruction& instruction) {
  CheckNotes* notes = reader.check_notes();
  llvm::BasicBlock* block = reader.builder().GetInsertBlock();
  if (!notes || !block || block->getTerminator()) return;
  const Instruction* file = reader.definition(instruction.operands[0]);
  const bool named = file && file->opcode == spv::Op::OpString;
  MarkReader(reader, *notes).note_line(named ? read_string(file->operands) : std::string(), instruction.operands[1]);
}

}  // namespace metate::ze_software::spirv

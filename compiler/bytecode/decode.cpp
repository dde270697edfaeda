#include "compiler/bytecode/decode.h"

#include "compiler/bytecode/translator.h"

namespace metate::bytecode {
namespace {

/// Puts what the translator wrote in a row: raw instructions in their order, then the restores of 3.10.
class Layout {
 public:
  explicit Layout(Translator& translator) : translator_(translator) {}

  DecodedFunction run() {
    place();
    for (uint32_t i = 0; i < translator_.translated().size(); ++i) {
      const Translated& translated = translator_.translated()[i];
      if (translated.reached && translated.instructions.empty()) idle_ = translator_.position_of(i);
      for (const Instruction& instruction : translated.instructions) append(instruction);
    }
    for (const Restore& restore : translator_.restores()) append_restore(restore);
    function_.variables = std::move(translator_.variables());
    function_.unsupported = std::move(translator_.unsupported());
    return std::move(function_);
  }

 private:
  static constexpr uint32_t kRestoreSize = 3;

  // An instruction that left nothing behind falls through, so a jump to it goes where the next one is.
  void place() {
    uint32_t next = 0;
    for (const Translated& translated : translator_.translated()) {
      first_.push_back(next);
      next += static_cast<uint32_t>(translated.instructions.size());
    }
    restores_start_ = next;
    handlers_.assign(translator_.handlers().size(), kNoHandler);
  }

  void append(Instruction instruction) {
    if ((flags(instruction.opcode) & kJump) != 0) instruction.operand = first_[instruction.operand];
    if (instruction.handler != kNoHandler) instruction.handler = final_handler(instruction.handler);
    if ((flags(instruction.opcode) & kMayRaise) != 0) idle_ = {};
    function_.instructions.push_back(instruction);
  }

  // The stack is [previous exception].
  void append_restore(const Restore& restore) {
    append({.opcode = Opcode::kCopy, .operand = 2, .range = {}});
    append({.opcode = Opcode::kPopException, .range = {}});
    append({.opcode = Opcode::kReraise, .operand = 1, .handler = restore.outer_handler, .range = {}});
  }

  // Handlers are numbered in the order of their first use.
  uint32_t final_handler(uint32_t pending) {
    uint32_t& index = handlers_[pending];
    if (index != kNoHandler) return index;
    index = static_cast<uint32_t>(function_.handlers.size());
    const PendingHandler& handler = translator_.handlers()[pending];
    function_.handler_starts.push_back(idle_);
    switch (handler.kind) {
      case PendingHandler::Kind::kInstruction:
        function_.handlers.push_back({first_[handler.target], handler.depth});
        break;
      case PendingHandler::Kind::kRestore:
        function_.handlers.push_back({restores_start_ + handler.target * kRestoreSize, handler.depth});
        break;
    }
    return index;
  }

  Translator& translator_;
  DecodedFunction function_;
  std::vector<uint32_t> first_;     // raw instruction → neutral index
  std::vector<uint32_t> handlers_;  // pending handler → index in the result
  uint32_t restores_start_ = 0;
  support::SourceRange idle_;  // of the last raw instruction that left nothing behind, if nothing has raised since
};

}  // namespace

base::Result<DecodedFunction> decode(const CodeObject& code) {
  const Version* version = find_version(code.version_major, code.version_minor);
  if (version == nullptr) {
    return base::Error{base::ErrorCode::kUnsupported, "bytecode of CPython " + std::to_string(code.version_major) +
                                                          "." + std::to_string(code.version_minor) +
                                                          " is not known; known are " + known_version_names()};
  }
  base::Result<RawCode> raw = read_raw_code(code, *version);
  if (!raw) return raw.take_error();
  base::Result<ExceptionTable> exceptions = read_exception_table(code, *raw);
  if (!exceptions) return exceptions.take_error();

  Translator translator(code, *version, *raw, *exceptions);
  base::Status status = translator.run();
  if (!status) return status.take_error();
  return Layout(translator).run();
}

}  // namespace metate::bytecode

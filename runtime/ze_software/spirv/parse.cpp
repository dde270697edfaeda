#include "runtime/ze_software/spirv/parse.h"

#include <spirv-tools/libspirv.h>

#include <cstring>
#include <memory>

#include "runtime/jit/crash_guard.h"
#include "runtime/ze_software/spirv/normalise.h"

#if defined(__has_feature) && __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
using CrashLeavesMemory = __lsan::ScopedDisabler;
#else
struct CrashLeavesMemory {
  CrashLeavesMemory() {}  // so that it counts as used
};
#endif

namespace metate::ze_software::spirv {
namespace {

// The universal rules: those of OpenCL 2.2 refuse SPIR-V above 1.2, which we read.
constexpr spv_target_env kRules = SPV_ENV_UNIVERSAL_1_6;

// SPIR-V's universal limit of ids (specification, section 2.17).
constexpr uint32_t kMaxBound = 4'194'303;

struct ContextDeleter {
  void operator()(spv_context context) const { spvContextDestroy(context); }
};

struct ValidatorOptionsDeleter {
  void operator()(spv_validator_options options) const { spvValidatorOptionsDestroy(options); }
};

/// A diagnostic of SPIRV-Tools, freed when done.
class Diagnostic {
 public:
  Diagnostic() = default;
  ~Diagnostic() { spvDiagnosticDestroy(diagnostic_); }
  Diagnostic(const Diagnostic&) = delete;
  Diagnostic& operator=(const Diagnostic&) = delete;

  spv_diagnostic* out() { return &diagnostic_; }

  void write(std::string& log, const char* stage) const {
    log.append(stage).append(": ");
    log.append(diagnostic_ && diagnostic_->error ? diagnostic_->error : "no reason given");
    if (diagnostic_) log.append(" (word ").append(std::to_string(diagnostic_->position.index)).append(")");
    log.push_back('\n');
  }

 private:
  spv_diagnostic diagnostic_ = nullptr;
};

/// Where an instruction's words lie; spans are made when `words` grows no more.
struct Place {
  spv::Op opcode;
  uint32_t type, result;
  size_t first, count;
};

struct Collector {
  ParsedModule module;
  std::vector<Place> places;

  static spv_result_t header(void* self, spv_endianness_t, uint32_t, uint32_t, uint32_t, uint32_t bound, uint32_t) {
    static_cast<Collector*>(self)->module.bound = bound;
    return bound <= kMaxBound ? SPV_SUCCESS : SPV_ERROR_INVALID_ID;
  }

  static spv_result_t instruction(void* self, const spv_parsed_instruction_t* parsed) {
    auto& [module, places] = *static_cast<Collector*>(self);
    if (parsed->result_id >= module.bound && parsed->result_id) return SPV_ERROR_INVALID_ID;
    const size_t skipped = 1 + (parsed->type_id ? 1 : 0) + (parsed->result_id ? 1 : 0);
    places.push_back({static_cast<spv::Op>(parsed->opcode), parsed->type_id, parsed->result_id, module.words.size(),
                      parsed->num_words - skipped});
    module.words.insert(module.words.end(), parsed->words + skipped, parsed->words + parsed->num_words);
    return SPV_SUCCESS;
  }

  ParsedModule finish() {
    module.instructions.reserve(places.size());
    for (const Place& place : places) {
      module.instructions.push_back(
          {place.opcode, place.type, place.result, std::span(module.words).subspan(place.first, place.count)});
    }
    return std::move(module);
  }
};

/// The validator's answer to the words.
spv_result_t validate(spv_context_t* context, std::span<const uint32_t> words, spv_diagnostic* reason) {
  std::unique_ptr<spv_validator_options_t, ValidatorOptionsDeleter> options(spvValidatorOptionsCreate());
  // It would make a name for every id, and that of a type is as long as the type is deep: a chain of a hundred thousand
  // pointers or arrays would take all memory.
  spvValidatorOptionsSetFriendlyNames(options.get(), false);
  spv_const_binary_t binary{words.data(), words.size()};
  return spvValidateWithOptions(context, options.get(), &binary, reason);
}

/// The validator crashes itself on some of what breaks its rules (SPIRV-Tools 2023.1 does), and what it says is a note.
void note_broken_rules(spv_context_t* context, std::span<const uint32_t> words, std::string& log) {
  Diagnostic rule;
  spv_result_t judged = SPV_SUCCESS;
  const base::Status guarded = [&] {
    CrashLeavesMemory in_the_validator;
    return jit::run_guarded("validate SPIR-V", [&] { judged = validate(context, words, rule.out()); });
  }();
  if (!guarded) {
    log.append("note: the validator of SPIR-V gave up; it is read as far as its meaning is clear\n");
  } else if (judged != SPV_SUCCESS) {
    rule.write(log, "note: SPIR-V is not valid, but is read as far as its meaning is clear");
  }
}

}  // namespace

std::optional<ParsedModule> parse(std::span<const std::byte> bytes, std::string& log) {
  if (bytes.empty() || bytes.size() % sizeof(uint32_t) != 0) {
    log.append("error: SPIR-V is made of 32-bit words, but the module has " + std::to_string(bytes.size()) +
               " bytes: it may be cut off\n");
    return std::nullopt;
  }
  std::vector<uint32_t> words(bytes.size() / sizeof(uint32_t));
  std::memcpy(words.data(), bytes.data(), bytes.size());
  normalise(words);

  std::unique_ptr<spv_context_t, ContextDeleter> context(spvContextCreate(kRules));
  Collector collector;
  Diagnostic grammar;
  if (spvBinaryParse(context.get(), &collector, words.data(), words.size(), Collector::header, Collector::instruction,
                     grammar.out()) != SPV_SUCCESS) {
    grammar.write(log, "error: SPIR-V is not valid");
    return std::nullopt;
  }
  note_broken_rules(context.get(), words, log);
  return collector.finish();
}

std::string read_string(std::span<const uint32_t> words, std::span<const uint32_t>* rest) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    for (int shift = 0; shift < 32; shift += 8) {
      const char letter = static_cast<char>(words[i] >> shift);
      if (letter == '\0') {
        if (rest) *rest = words.subspan(i + 1);
        return text;
      }
      text.push_back(letter);
    }
  }
  if (rest) *rest = {};
  return text;
}

}  // namespace metate::ze_software::spirv

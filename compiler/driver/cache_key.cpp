#include "compiler/driver/cache_key.h"

#include "compiler/driver/options.h"
#include "runtime/cache/hash.h"

namespace metate::driver {
namespace {

using bytecode::CodeObject;
using bytecode::Const;
using types::ConstantId;
using types::ConstantKind;

/// A function that can come to call more than this, by all the names in it, costs too much to look at.
constexpr size_t kMostReferences = 4096;

class KeyWriter {
 public:
  KeyWriter(Specialisations& functions, ir::Universe& universe, bool kernel)
      : functions_(functions),
        kernel_(kernel),
        universe_(universe),
        values_(bytes_, universe, [&](ConstantId constant) { return references_.add(constant); }) {}

  bool write(ConstantId callee, std::span<const types::TypeId> arguments, std::string_view machine) {
    bytes_.text(machine);
    values_.constant(callee);
    bytes_.list(arguments, [&](types::TypeId type) { values_.type(type); });
    // The content of one reference may bring others.
    for (uint64_t number = 0; number < references_.size() && !values_.failed(); ++number) {
      if (number == kMostReferences) return false;
      write_content(*references_.constant(number));
    }
    // Debuggers are told the names of files, so code of another one is no use.
    if (names_files_)
      for (support::Symbol file : references_.files()) bytes_.text(universe_.symbols.name(file));
    return !values_.failed();
  }

  CacheKey take() { return {bytes_.take(), std::move(references_)}; }

 private:
  void write_content(ConstantId id) {
    const types::Constant constant = universe_.constants[id];
    switch (constant.kind) {
      case ConstantKind::kCallee:
        return write_function(id);
      case ConstantKind::kArray:
        return write(universe_.constants.frozen(constant));
      case ConstantKind::kModule:
      case ConstantKind::kException:
        return values_.symbol(constant.symbol);
      case ConstantKind::kNone:
      case ConstantKind::kBool:
      case ConstantKind::kInt:
      case ConstantKind::kLargeInt:
      case ConstantKind::kFloat:
      case ConstantKind::kComplex:
      case ConstantKind::kString:
      case ConstantKind::kEllipsis:
      case ConstantKind::kTuple:
      case ConstantKind::kScalar:
      case ConstantKind::kDType:
      case ConstantKind::kEntity:
      case ConstantKind::kForeign:
      case ConstantKind::kObject:
        return values_.fail();  // never a reference
    }
  }

  void write(const types::FrozenArray& array) {
    bytes_.number(array.dtype);
    bytes_.number(array.column_major);
    bytes_.list(array.shape, [&](int64_t extent) { bytes_.number(extent); });
    for (uint64_t word : cache::hash({array.data(), array.bytes()})) bytes_.number(word);
  }

  void write_function(ConstantId callee) {
    support::Diagnostics ignored;  // whoever really compiles it reports
    if (!functions_.untyped(callee, kernel_, ignored)) return values_.fail();
    const FunctionSource& source = functions_.source(callee);
    write(*source.code);
    bytes_.number(options_key(source.options));
    names_files_ |= source.options.debug;
    write(source.signature);
    bytes_.number(source.inner.has_value());
    if (source.inner) write(*source.inner);
    bytes_.list(functions_.questions(callee, kernel_), [&](const Question& question) {
      bytes_.number(question.kind);
      bytes_.text(question.name);
      bytes_.number(question.index);
      values_.constant(question.object);
      values_.constant(question.answer);
    });
  }

  void write(const infer::CalleeSignature& signature) {
    bytes_.list(signature.parameters, [&](const infer::CalleeSignature::Parameter& parameter) {
      values_.symbol(parameter.name);
      values_.constant(parameter.default_value);
      bytes_.number(parameter.captured_default);
      bytes_.number(parameter.keyword_only);
    });
    bytes_.number(signature.takes_rest);
    bytes_.number(signature.captured_variables);
    bytes_.number(signature.adaptation.has_value());
    if (!signature.adaptation) return;
    const infer::Adaptation& adaptation = *signature.adaptation;
    values_.constant(adaptation.target);
    bytes_.number(adaptation.kind);
    bytes_.list(adaptation.declarations, [&](const infer::Declaration& declaration) {
      bytes_.list(declaration.arguments, [&](types::TypeId type) { values_.type(type); });
      values_.type(declaration.result);
    });
    bytes_.list(adaptation.core_axes, [&](const std::vector<uint8_t>& axes) {
      bytes_.list(axes, [&](uint8_t axis) { bytes_.number(axis); });
    });
    bytes_.number(adaptation.result_count);
  }

  void write(const frontend::InnerFunction& inner) {
    bytes_.list(inner.is_self, [&](bool is_self) { bytes_.number(is_self); });
    bytes_.list(inner.defaults, [&](const frontend::InnerFunction::Default& value) {
      bytes_.number(value.parameter);
      values_.constant(value.constant);
    });
  }

  /// All but the name of its file, which may differ from process to process for cells of a notebook: a number stands
  /// for it, here and in artifacts.
  void write(const CodeObject& code) {
    bytes_.number(references_.add_file(universe_.symbols.intern(code.filename)));
    write_code(code);
  }

  void write_code(const CodeObject& code) {
    bytes_.number(code.version_major);
    bytes_.number(code.version_minor);
    bytes_.text(code.name);
    bytes_.text(code.qualname);
    bytes_.number(code.first_line);
    for (uint32_t number :
         {code.argument_count, code.positional_only_count, code.keyword_only_count, code.flags, code.stack_size})
      bytes_.number(number);
    for (const std::vector<std::string>* names : {&code.names, &code.varnames, &code.cellvars, &code.freevars})
      bytes_.list(*names, [&](const std::string& name) { bytes_.text(name); });
    write(code.consts);
    bytes_.block(std::as_bytes(std::span(code.bytecode)));
    bytes_.block(std::as_bytes(std::span(code.exception_table)));
    bytes_.block(std::as_bytes(std::span(code.positions)));
  }

  void write(const std::vector<Const>& constants) {
    bytes_.list(constants, [&](const Const& constant) {
      bytes_.number(constant.value.index());
      std::visit([&](const auto& value) { write_value(value); }, constant.value);
    });
  }

  void write_value(Const::None) {}
  void write_value(Const::Ellipsis) {}
  void write_value(bool value) { bytes_.number(value); }
  void write_value(int64_t value) { bytes_.number(value); }
  void write_value(double value) { bytes_.number(value); }
  void write_value(std::complex<double> value) {
    bytes_.number(value.real());
    bytes_.number(value.imag());
  }
  void write_value(const std::string& value) { bytes_.text(value); }
  void write_value(const Const::BigInt& value) { bytes_.text(value.digits); }
  void write_value(const Const::Bytes& value) { bytes_.text(value.value); }
  void write_value(const Const::Tuple& value) { write(value.items); }
  void write_value(const Const::FrozenSet& value) { write(value.items); }
  void write_value(const Const::Code& value) { write_code(*value); }
  void write_value(const Const::Other&) { values_.fail(); }

  Specialisations& functions_;
  bool kernel_;
  bool names_files_ = false;
  ir::Universe& universe_;
  ByteWriter bytes_;
  References references_;
  ValueWriter values_;
};

}  // namespace

std::optional<CacheKey> make_cache_key(Specialisations& functions, ir::Universe& universe, types::ConstantId callee,
                                       std::span<const types::TypeId> arguments, bool kernel,
                                       std::string_view machine) {
  KeyWriter writer(functions, universe, kernel);
  if (!writer.write(callee, arguments, machine)) return std::nullopt;
  return writer.take();
}

}  // namespace metate::driver

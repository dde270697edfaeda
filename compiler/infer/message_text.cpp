#include "compiler/infer/message_text.h"

#include "compiler/infer/named_tuple.h"
#include "compiler/infer/tuple_item.h"
#include "runtime/abi/context.h"

namespace metate::infer {
namespace {

using types::ConstantKind;

/// A text over its values is a closure: the constant holds the parts, strings and indices of values.
bool is_text(Writer& w, Value value) {
  const Type& type = w.type(value);
  return type.kind == TypeKind::kClosure && w.universe().constants[type.constant].kind == ConstantKind::kTuple;
}

/// Puts a message together from literals and from values that a run-time message can hold: scalars.
class Composer {
 public:
  explicit Composer(Writer& w) : w_(w), made_(w.universe()) {}

  void add(const ir::Message& message, std::span<const Value> operands) {
    ir::read(
        message, w_.universe(), [&](std::string_view text) { made_.text(text); },
        [&](size_t number) { add_str(operands[number]); });
  }

  ir::Message take(ConstantId exception = {}) { return made_.take(exception); }
  const std::vector<Value>& values() const { return made_.values(); }

 private:
  /// str(value)
  void add_str(Value value) {
    if (!value) return;
    const Type& type = w_.type(value);
    if (type.kind == TypeKind::kScalar) {
      made_.value(value);
      return;
    }
    if (is_text(w_, value)) return add_text(value);
    if (w_.is_constant(value, ConstantKind::kString)) {
      made_.text(w_.universe().symbols.name(w_.constant(value)->symbol));
      return;
    }
    add_repr(value);
  }

  /// repr(value)
  void add_repr(Value value) {
    const Type& type = w_.type(value);
    switch (type.kind) {
      case TypeKind::kScalar: {
        // NumPy 2 says np.float64(1.5) where a number stands inside of something.
        bool wrapped = !type.weak && type.dtype != DType::kBool;
        if (wrapped) made_.text("np." + std::string(types::numpy_name(type.dtype)) + "(");
        if (!type.weak && !wrapped) made_.text("np.");
        made_.value(value);
        if (wrapped) made_.text(")");
        return;
      }
      case TypeKind::kTuple: {
        const std::string name = named_tuple_name(w_, type);
        made_.text(name + "(");
        std::vector<Value> elements = elements_of(w_, value);
        for (size_t i = 0; i < elements.size(); ++i) {
          if (i) made_.text(", ");
          if (!name.empty()) made_.text(std::string(field_name(w_, w_.type(value), i)) + "=");
          add_repr(elements[i]);
        }
        made_.text(elements.size() == 1 && name.empty() ? ",)" : ")");
        return;
      }
      case TypeKind::kConstant:
        if (w_.is_none(value) || w_.is_constant(value, ConstantKind::kString)) {
          made_.text(w_.universe().text(type.constant));
          return;
        }
        break;
      default:
        break;
    }
    w_.error(MessageId::kUnsupportedConstruct, {"the text of " + w_.describe(value)});
  }

  void add_text(Value text) {
    std::vector<Value> values = elements_of(w_, text);
    for (ConstantId part : w_.universe().constants[w_.type(text).constant].elements) {
      const types::Constant& constant = w_.universe().constants[part];
      if (constant.kind == ConstantKind::kString) {
        made_.text(w_.universe().symbols.name(constant.symbol));
      } else {
        add_str(values[static_cast<size_t>(constant.integer)]);
      }
    }
  }

  Writer& w_;
  ir::MessageBuilder made_;
};

/// How many 64-bit values of an error record they take.
int record_size(Writer& w, const std::vector<Value>& values) {
  int size = 0;
  for (Value value : values) size += types::is_complex(w.type(value).dtype) ? 2 : 1;
  return size;
}

}  // namespace

Value format_text(Writer& w, const ir::Message& message, std::span<const Value> operands) {
  Composer composer(w);
  composer.add(message, operands);
  if (w.failure()) return {};
  std::vector<ConstantId> parts;
  for (const ir::MessagePart& part : composer.take().parts)
    parts.push_back(part.is_value() ? w.universe().constants.integer(part.operand)
                                    : w.universe().constants.string(part.literal));
  if (composer.values().empty())
    return w.constant(parts.empty() ? w.universe().constants.string(w.universe().symbols.intern("")) : parts[0]);
  std::vector<TypeId> types;
  for (Value value : composer.values()) types.push_back(w.type_id(value));
  TypeId type = w.types().closure(w.universe().constants.tuple(std::move(parts)), std::move(types));
  return w.structure(type, composer.values());
}

void write_raise(Writer& w, const ir::Message& message, std::span<const Value> operands) {
  Composer composer(w);
  composer.add(message, operands);
  if (record_size(w, composer.values()) > abi::kMaxErrorValues)
    w.error(MessageId::kUnsupportedConstruct,
            {"an exception with more than " + std::to_string(abi::kMaxErrorValues) + " values"});
  if (!w.failure()) w.builder().raise(composer.take(message.exception), composer.values());
}

void write_print(Writer& w, const ir::Message& message, std::span<const Value> operands) {
  Composer composer(w);
  composer.add(message, operands);
  if (w.failure()) return;
  uint32_t index = ir::Function::add_to(w.function().messages, composer.take());
  w.builder().emit(ir::Opcode::kPrint, index, composer.values(), {});
}

}  // namespace metate::infer

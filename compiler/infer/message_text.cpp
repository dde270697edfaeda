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
  explicit Composer(Writer& w) : w_(w) {}

  void add(const ir::Message& message, std::span<const Value> operands) {
    for (const ir::MessagePart& part : message.parts) {
      if (part.operand < 0) {
        literal_ += w_.universe().symbols.name(part.literal);
      } else {
        add_str(operands[static_cast<size_t>(part.operand)]);
      }
    }
    flush();
  }

  ir::Message message(ConstantId exception) const { return {exception, parts_}; }
  const std::vector<ir::MessagePart>& parts() const { return parts_; }
  const std::vector<Value>& values() const { return values_; }

 private:
  /// str(value)
  void add_str(Value value) {
    if (!value) return;
    const Type& type = w_.type(value);
    if (type.kind == TypeKind::kScalar) return add_value(value);
    if (is_text(w_, value)) return add_text(value);
    if (w_.is_constant(value, ConstantKind::kString)) {
      literal_ += w_.universe().symbols.name(w_.constant(value)->symbol);
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
        if (wrapped) literal_ += "np." + std::string(types::numpy_name(type.dtype)) + "(";
        if (!type.weak && !wrapped) literal_ += "np.";
        add_value(value);
        if (wrapped) literal_ += ")";
        return;
      }
      case TypeKind::kTuple: {
        const std::string name = named_tuple_name(w_, type);
        literal_ += name + "(";
        std::vector<Value> elements = elements_of(w_, value);
        for (size_t i = 0; i < elements.size(); ++i) {
          if (i) literal_ += ", ";
          if (!name.empty()) literal_ += std::string(field_name(w_, w_.type(value), i)) + "=";
          add_repr(elements[i]);
        }
        literal_ += elements.size() == 1 && name.empty() ? ",)" : ")";
        return;
      }
      case TypeKind::kConstant:
        if (w_.is_none(value) || w_.is_constant(value, ConstantKind::kString)) {
          literal_ += w_.universe().text(type.constant);
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
        literal_ += w_.universe().symbols.name(constant.symbol);
      } else {
        add_str(values[static_cast<size_t>(constant.integer)]);
      }
    }
  }

  void add_value(Value value) {
    flush();
    parts_.push_back({.operand = static_cast<int32_t>(values_.size())});
    values_.push_back(value);
  }

  void flush() {
    if (!literal_.empty()) parts_.push_back({.literal = w_.universe().symbols.intern(literal_)});
    literal_.clear();
  }

  Writer& w_;
  std::string literal_;
  std::vector<ir::MessagePart> parts_;
  std::vector<Value> values_;
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
  for (const ir::MessagePart& part : composer.parts())
    parts.push_back(part.operand < 0 ? w.universe().constants.string(part.literal)
                                     : w.universe().constants.integer(part.operand));
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
  if (!w.failure()) w.builder().raise(composer.message(message.exception), composer.values());
}

void write_print(Writer& w, const ir::Message& message, std::span<const Value> operands) {
  Composer composer(w);
  composer.add(message, operands);
  if (w.failure()) return;
  uint32_t index = ir::Function::add_to(w.function().messages, composer.message({}));
  w.builder().emit(ir::Opcode::kPrint, index, composer.values(), {});
}

}  // namespace metate::infer

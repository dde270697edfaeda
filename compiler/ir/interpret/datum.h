// datum.h – what a value of the IR is while it is interpreted.
#pragma once

#include <cstddef>
#include <memory>
#include <variant>
#include <vector>

#include "compiler/types/scalar.h"
#include "runtime/abi/context.h"

namespace metate::ir {

/// The fields of abi::ArrayHeader; strides are always there, whatever the layout.
struct Array {
  std::byte* data = nullptr;
  abi::Owner* owner = nullptr;  // none: borrowed
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;  // in bytes
};

/// A number, an array, a tuple (or what is like one: range, slice …), nothing (a value that its type says whole, None
/// for example), or undefined: a local that is not bound. Copies share what they hold, which never changes.
class Datum {
 public:
  Datum() = default;  // undefined
  Datum(types::Scalar scalar) : content_(scalar) {}
  Datum(Array array) : content_(std::make_shared<const Array>(std::move(array))) {}
  Datum(std::vector<Datum> parts) : content_(std::make_shared<const std::vector<Datum>>(std::move(parts))) {}
  static Datum nothing() {
    Datum datum;
    datum.content_ = std::monostate();
    return datum;
  }

  bool defined() const { return !std::holds_alternative<Undefined>(content_); }
  // Null if it is something else.
  const types::Scalar* scalar() const { return std::get_if<types::Scalar>(&content_); }
  const Array* array() const { return get<Array>(); }
  const std::vector<Datum>* tuple() const { return get<std::vector<Datum>>(); }

 private:
  struct Undefined {};

  template <class T>
  const T* get() const {
    const auto* held = std::get_if<std::shared_ptr<const T>>(&content_);
    return held ? held->get() : nullptr;
  }

  std::variant<Undefined, std::monostate, types::Scalar, std::shared_ptr<const Array>,
               std::shared_ptr<const std::vector<Datum>>>
      content_;
};

}  // namespace metate::ir

// result_reader – slots of compiled code become Python objects.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/universe.h"
#include "python/ext/numpy.h"

namespace metate::ext {

class Interpreter;

/// Made once for a result type, so that reading a result needs no lock.
class ResultReader {
 public:
  /// Session's lock and GIL are held.
  static ResultReader make(types::TypeId type, Interpreter& interpreter);

  int slot_count() const { return slot_count_; }

  /// A new reference, or null with a Python exception set. `arguments` are the call's argument objects: an array that
  /// lies in one of them comes back as that object, or as a view of it. Owned storage passes to the result.
  PyObject* read(const int64_t* slots, std::span<PyObject* const> arguments) const;

  /// Calls visit(slots) for each array in a result, before it is read.
  template <class Visit>
  void each_array(int64_t* slots, const Visit& visit) const {
    if (form_ == Form::kArray) visit(slots);
    for (const ResultReader& element : elements_) {
      element.each_array(slots, visit);
      slots += element.slot_count_;
    }
  }

 private:
  /// How slots become an object.
  enum class Form : uint8_t {
    kInt,
    kFloat,
    kBool,
    kComplex,
    kNumpyBool,
    kNumpyReal,
    kNumpyComplex,
    kArray,
    kTuple,
    kList,
    kConstant,
    kNothing,  // a value that Python cannot have
  };

  static Form form_of(const types::Type& type, const ir::Universe& universe);
  PyObject* read_numpy_number(const int64_t* slots, size_t parts) const;
  PyObject* read_array(const int64_t* slots, std::span<PyObject* const> arguments) const;
  PyObject* read_sequence(const int64_t* slots, std::span<PyObject* const> arguments) const;

  Form form_ = Form::kNothing;
  bool writable_ = true;
  int ndim_ = 0;
  int slot_count_ = 0;
  int type_number_ = 0;  // of NumPy
  NumberClass number_;   // of NumPy's numbers
  size_t part_size_ = 0;
  Ref constant_;  // or the class of a named tuple
  std::vector<ResultReader> elements_;
  std::string description_;  // of what Python cannot have
};

}  // namespace metate::ext

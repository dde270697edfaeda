#include "python/ext/environment.h"

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/text.h"

namespace metate::ext {
namespace {

using types::Constant;
using types::ConstantId;
using types::ConstantKind;

class FunctionEnvironment final : public frontend::Environment {
 public:
  FunctionEnvironment(Interpreter& interpreter, PyObject* function, PyObject* locals)
      : interpreter_(interpreter),
        function_(Ref::borrow(function)),
        globals_(Ref::borrow(PyFunction_GET_GLOBALS(function))),
        closure_(Ref::borrow(PyFunction_GET_CLOSURE(function))),
        locals_(Ref::borrow(locals)) {}

  ConstantId global(std::string_view name) override {
    HoldGil gil;
    Ref key = as_text(name);
    if (PyObject* found = key ? PyDict_GetItemWithError(globals_.get(), key.get()) : nullptr) return constant(found);
    drop_error();
    ConstantId found = builtin(name);
    return found ? found : own(name);
  }

  ConstantId builtin(std::string_view name) override {
    HoldGil gil;
    Ref builtins = Ref::steal(PyImport_ImportModule("builtins"));
    Ref found = Ref::steal(PyObject_GetAttrString(builtins.get(), std::string(name).c_str()));
    return constant(found.get());
  }

  ConstantId free_variable(uint32_t index) override {
    HoldGil gil;
    if (!closure_ || index >= static_cast<size_t>(PyTuple_GET_SIZE(closure_.get()))) return {};
    Ref content = Ref::steal(PyCell_Get(PyTuple_GET_ITEM(closure_.get(), static_cast<Py_ssize_t>(index))));
    if (content) return constant(content.get());
    Ref names = Ref::steal(PyObject_GetAttrString(PyFunction_GET_CODE(function_.get()), "co_freevars"));
    const char* name =
        names ? PyUnicode_AsUTF8(PyTuple_GET_ITEM(names.get(), static_cast<Py_ssize_t>(index))) : nullptr;
    return name ? own(name) : ConstantId();
  }

  ConstantId attribute(ConstantId object, std::string_view name) override {
    HoldGil gil;
    Ref owner = interpreter_.object_of(object);
    if (!owner) return constant(nullptr);
    Ref found = Ref::steal(PyObject_GetAttrString(owner.get(), std::string(name).c_str()));
    return constant(found.get());
  }

  ConstantId conversion(std::string_view local) override {
    if (!locals_) return {};
    HoldGil gil;
    PyObject* found = PyDict_GetItemString(locals_.get(), std::string(local).c_str());
    return found ? constant(found) : ConstantId();
  }

  /// The session answers this itself.
  ConstantId inner_function(frontend::InnerFunction) override { return {}; }

 private:
  /// The function itself by its name, which is bound only after its decorator has compiled it for signatures.
  ConstantId own(std::string_view name) {
    Ref own_name = Ref::steal(PyObject_GetAttrString(function_.get(), "__name__"));
    const char* text = own_name ? PyUnicode_AsUTF8(own_name.get()) : nullptr;
    return text && name == text ? interpreter_.self_of(function_.get()) : ConstantId();
  }

  ConstantId constant(PyObject* object) {
    ConstantId id = object ? interpreter_.constant_of(object) : ConstantId();
    if (!id) drop_error();
    return id;
  }

  Interpreter& interpreter_;
  Ref function_;
  Ref globals_;
  Ref closure_;
  Ref locals_;
};

}  // namespace

std::shared_ptr<frontend::Environment> make_environment(Interpreter& interpreter, PyObject* function,
                                                        PyObject* locals) {
  return std::make_shared<FunctionEnvironment>(interpreter, function, locals);
}

}  // namespace metate::ext

// interpreter – what the extension owns for one Python interpreter: the session, and the Python objects it refers to.
//
// Locks are taken in one order: first the session's, then the GIL. So whoever holds the GIL gives it away before it
// asks the session for anything, and takes it again inside for as long as it touches Python objects. The lock of the
// interpreter's making comes before both.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter {
 public:
  /// Made on first use; null with a Python exception set where the session cannot be made.
  static Interpreter* get();
  /// Null, without exception, before the first use.
  static Interpreter* if_made();
  /// While it is held, no other thread makes the interpreter. The caller has the GIL, and lacks it while it waits.
  static std::unique_lock<std::recursive_mutex> lock_making();

  driver::Session& session() { return *session_; }

  // The session's lock and the GIL are held:

  /// A Python object, frozen as a constant of compiled code. Invalid with a Python exception set on failure.
  types::ConstantId constant_of(PyObject* object);
  /// The object behind a constant's handle (modules, exception classes, arrays).
  PyObject* object(int64_t handle) const { return objects_[static_cast<size_t>(handle)].get(); }
  /// Keeps an object alive for as long as compiled code may refer to it.
  void keep(PyObject* object) { handle_of(object); }
  /// The callee constant of a Python function: registered on first use. Invalid with a Python exception set. `locals`
  /// is the dict of the option of that name, or null; it is told from others by its identity.
  types::ConstantId callee_of(PyObject* function, const ir::FunctionOptions& options, PyObject* locals = nullptr);
  /// What a function means by its own name while that is not bound yet: the latest callee made of it, if any.
  types::ConstantId self_of(PyObject* function) const;
  void set_self(PyObject* function, types::ConstantId callee) { selves_[function] = callee; }
  /// The next `callee_of` registers the function anew.
  void forget(PyObject* function, const ir::FunctionOptions& options, PyObject* locals);
  /// The Python object of a constant: a new reference.
  Ref object_of(types::ConstantId constant);

 private:
  static Interpreter* make();
  int64_t handle_of(PyObject* object);
  types::ConstantId numpy_scalar(PyObject* object);
  types::ConstantId named_object(PyObject* object);

  std::unique_ptr<driver::Session> session_;
  std::vector<Ref> objects_{Ref()};  // handle 0: none
  std::unordered_map<PyObject*, int64_t> handles_;
  std::map<std::tuple<PyObject*, uint64_t, PyObject*>, types::ConstantId> functions_;  // by function, options, locals
  std::unordered_map<PyObject*, types::ConstantId> selves_;
};

}  // namespace metate::ext

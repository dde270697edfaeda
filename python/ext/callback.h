// callback – compiled functions that C can call.
#pragma once

#include <span>

#include "compiler/types/constant.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// (address, name of the symbol) of code for exactly these argument types (a key); null with a Python exception set.
/// If `cached`, it may come from the disk. The code is never freed: nobody knows how long C keeps the address.
PyObject* make_callback(Interpreter& interpreter, types::ConstantId callee, std::span<const uint64_t> key, bool cached);

}  // namespace metate::ext

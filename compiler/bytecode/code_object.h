// code_object.h – a Python code object as plain data, the same for every CPython version.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "compiler/support/source_range.h"

namespace metate::bytecode {

struct CodeObject;

/// One entry of co_consts. Strings are UTF-8; lone surrogates are encoded as CPython's "surrogatepass" does.
struct Const {
  struct None {};
  struct Ellipsis {};
  struct BigInt {
    std::string digits;  // decimal, with sign: an int that does not fit int64_t
  };
  struct Bytes {
    std::string value;
  };
  struct Tuple {
    std::vector<Const> items;
  };
  struct FrozenSet {
    std::vector<Const> items;
  };
  struct Other {
    std::string repr;  // what no compiler of CPython puts there by itself
  };
  using Code = std::shared_ptr<const CodeObject>;

  std::variant<None, bool, int64_t, BigInt, double, std::complex<double>, std::string, Bytes, Tuple, FrozenSet,
               Ellipsis, Code, Other>
      value;

  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&value);
  }
};

/// Bits of co_flags (Include/cpython/code.h) that have a meaning for a compiler.
enum CodeFlag : uint32_t {
  kOptimized = 0x1,
  kVarArgs = 0x4,
  kVarKeywords = 0x8,
  kGenerator = 0x20,
  kCoroutine = 0x80,
  kAsyncGenerator = 0x200,
};

/// Field names follow the attributes of Python's code objects, without `co_`.
struct CodeObject {
  int version_major = 0;
  int version_minor = 0;

  std::string name;
  std::string qualname;  // 3.10 does not know it: there it equals `name`
  std::string filename;
  int32_t first_line = -1;

  uint32_t argument_count = 0;  // with the positional-only ones, without keyword-only ones, * and **
  uint32_t positional_only_count = 0;
  uint32_t keyword_only_count = 0;
  uint32_t flags = 0;
  uint32_t stack_size = 0;

  std::vector<std::string> names;
  std::vector<std::string> varnames;
  std::vector<std::string> cellvars;
  std::vector<std::string> freevars;
  std::vector<Const> consts;

  std::vector<uint8_t> bytecode;                // co_code: unspecialised, inline caches zeroed
  std::vector<uint8_t> exception_table;         // co_exceptiontable, 3.11 and later
  std::vector<support::SourceRange> positions;  // one for each two bytes of `bytecode`; may be empty
};

}  // namespace metate::bytecode

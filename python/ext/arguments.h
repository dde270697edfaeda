// arguments – Python arguments in one pass: what types they have (a key) and their values (slots).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/driver/session.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

inline constexpr int kMaxKeyWords = 128;
inline constexpr int kMaxSlots = 384;

/// The types of the arguments of a call as words that can be compared, and their values as the compiled code takes them
/// (compiler/types/slots.h). The arrays are borrowed: the caller holds the argument objects.
struct ArgumentBuffer {
  int key_size = 0;
  int slot_count = 0;
  uint64_t key[kMaxKeyWords];
  int64_t slots[kMaxSlots];

  std::span<const uint64_t> words() const { return {key, static_cast<size_t>(key_size)}; }
};

/// Appends one argument. False with TypeError or OverflowError set when compiled code cannot take it.
bool append_argument(PyObject* argument, ArgumentBuffer& buffer);

/// Appends one of Python's numbers as a number of that dtype. False, without an exception, where that is not simply its
/// value.
bool append_converted(PyObject* number, types::DType dtype, ArgumentBuffer& buffer);

/// Appends what tells a tuple of so many elements from others; the elements have to follow.
bool append_tuple_head(PyObject* tuple, ArgumentBuffer& buffer);

/// A kernel's array in local memory, of these extents: its address is the device's affair.
bool append_local_array(types::DType dtype, std::span<const int64_t> shape, ArgumentBuffer& buffer);

/// An array in device memory; `data` is the address of its first element, `strides` are in bytes.
bool append_device_array(types::DType dtype, const void* data, std::span<const int64_t> shape,
                         std::span<const int64_t> strides, bool writable, ArgumentBuffer& buffer);

/// The type of the argument whose words begin at `key`, which is moved on. Session's lock and GIL are held. Invalid
/// with a Python exception set where an object has no constant.
types::TypeId type_of_key(const uint64_t*& key, Interpreter& interpreter);

/// The types of all arguments of a key; nothing with a Python exception set.
std::optional<std::vector<types::TypeId>> types_of_key(std::span<const uint64_t> key, Interpreter& interpreter);

/// Appends the words of an argument of this type; false where no argument has it. Session's lock and GIL are held.
bool append_key(types::TypeId type, Interpreter& interpreter, std::vector<uint64_t>& key);

/// Makes the type of an array that of one which is not stored into; leaves other types.
void make_word_read_only(uint64_t& word);

/// Whether a value with the word `given` can be passed for `taken`: an array of a layout where any will do, a writable
/// one where it will be read only, NumPy's number of the size of Python's.
bool accepts_word(uint64_t given, uint64_t taken);

}  // namespace metate::ext

// value_bytes – constants and types as bytes that mean the same in every process.
//
// What has no content of its own (a module, a class of the user's, a function, an array) is a reference: a number in a
// table that both sides make in the same order, cache_key.h says how.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/ir/universe.h"
#include "runtime/base/byte_stream.h"

namespace metate::driver {

using base::ByteReader;
using base::ByteWriter;

/// What bytes refer to by number: constants of this process, and the files that functions stand in.
class References {
 public:
  /// The number of a constant, a new one where it has none yet.
  uint64_t add(types::ConstantId constant);
  std::optional<uint64_t> number_of(types::ConstantId constant) const;
  std::optional<types::ConstantId> constant(uint64_t number) const;
  size_t size() const { return constants_.size(); }

  uint64_t add_file(support::Symbol file);
  std::optional<uint64_t> number_of_file(support::Symbol file) const;
  std::optional<support::Symbol> file(uint64_t number) const;
  std::span<const support::Symbol> files() const { return files_; }

 private:
  std::vector<types::ConstantId> constants_;
  std::unordered_map<types::ConstantId, uint64_t> numbers_;
  std::vector<support::Symbol> files_;
};

class ValueWriter {
 public:
  /// `refer`: the number of a constant that is written as a reference, or nothing, which is a failure.
  using Refer = std::function<std::optional<uint64_t>(types::ConstantId)>;

  ValueWriter(ByteWriter& bytes, const ir::Universe& universe, Refer refer)
      : bytes_(bytes), universe_(universe), refer_(std::move(refer)) {}

  void constant(types::ConstantId constant);  // may be invalid
  void type(types::TypeId type);
  void symbol(support::Symbol symbol);  // may be invalid
  /// Something had no meaning outside of this process: an arbitrary object, the address of a C function.
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }

 private:
  ByteWriter& bytes_;
  const ir::Universe& universe_;
  Refer refer_;
  bool failed_ = false;
};

class ValueReader {
 public:
  ValueReader(ByteReader& bytes, ir::Universe& universe, const References& references)
      : bytes_(bytes), universe_(universe), references_(references) {}

  types::ConstantId constant() { return constant(0); }
  types::TypeId type() { return type(0); }
  support::Symbol symbol();

 private:
  types::ConstantId constant(int depth);
  types::TypeId type(int depth);

  ByteReader& bytes_;
  ir::Universe& universe_;
  const References& references_;
};

}  // namespace metate::driver

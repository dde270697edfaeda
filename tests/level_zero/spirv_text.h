// spirv_text – modules of kernels, written as SPIR-V assembly: for what no compiler at hand writes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace metate::test {

/// Collects kernels and the types that they name. A scalar type is "i8" … "i64", "f16" … "f64"; with "x4" behind it a
/// vector; with "g_", "f_" or "l_" before it a pointer into global memory, of the item or of the group.
class SpirvText {
 public:
  SpirvText();

  /// The id of a type; it is declared if it was not yet.
  std::string type(const std::string& name);
  static std::string vector(const std::string& element, unsigned lanes);
  /// The id of an integer constant of a scalar type.
  std::string constant(const std::string& type, uint64_t value);
  /// A type, constant or variable that the names above do not cover: `%id = meaning`.
  void declare(const std::string& id, const std::string& meaning) { types_ += id + " = " + meaning + "\n"; }

  /// Begins a kernel with those parameters, which are %p0, %p1 …; %id is the first global id, of type i64. Ids that
  /// begin with '%.' are the kernel's own.
  void begin_kernel(const std::string& name, std::initializer_list<std::string> parameters) {
    begin_kernel(name, std::vector<std::string>(parameters));
  }
  void begin_kernel(const std::string& name, const std::vector<std::string>& parameters);
  void line(std::string text);
  void end_kernel() { end("OpReturn"); }

  /// The same for a function that kernels call as `%name`; its ids are its own, too, and it has no %.id.
  void begin_function(const std::string& name, const std::string& result, const std::vector<std::string>& parameters);
  void end_function(const std::string& value) { end("OpReturnValue " + value); }

  /// Loads the element `index` of what a parameter points to, of that type, as `result`.
  void load(const std::string& result, const std::string& type, const std::string& pointer, const std::string& index);
  void store(const std::string& value, const std::string& type, const std::string& pointer, const std::string& index);
  std::string element(const std::string& type, const std::string& pointer, const std::string& index);

  /// A type or constant in the words of SPIR-V.
  void declare(const std::string& line) { types_ += line + "\n"; }

  /// A line of its own in front of the types: an execution mode or a decoration.
  void annotation(const std::string& line) { annotations_ += line + "\n"; }

  /// The whole module as text, and as words of SPIR-V 1.`minor`. Text that is no SPIR-V of that version fails the test
  /// and gives nothing.
  std::string text() const;
  std::vector<uint8_t> words(unsigned minor = 2) const;

 private:
  std::string local(std::string_view text) const;
  void begin(const std::string& id, const std::string& result, const std::vector<std::string>& parameters);
  void end(const std::string& last);

  std::set<std::string> declared_;
  std::string entries_, annotations_, types_, functions_;
  unsigned scopes_ = 0, temporaries_ = 0;
};

}  // namespace metate::test

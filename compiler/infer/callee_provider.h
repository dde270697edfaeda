// callee_provider – how inference learns about the functions that the one at hand calls.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/ir/function.h"
#include "compiler/support/diagnostics.h"

namespace metate::infer {

/// Types that the user has declared a function for.
struct Declaration {
  std::vector<types::TypeId> arguments;  // of the first parameters; others, with their defaults, are taken as they are
  types::TypeId result;                  // invalid: whatever comes out
};

/// A callee that is another one, called in its own way (adapted_call.h, mapped_call.h).
struct Adaptation {
  enum class Kind : uint8_t {
    kConverted,    // arguments and result are converted as declared
    kElementwise,  // a function of numbers, called for each element; there is a last parameter for the result, or None
    kGeneralised,  // a function that writes results into its last arguments, called for each place of the leading axes
  };
  types::ConstantId target;
  Kind kind = Kind::kConverted;
  std::vector<Declaration> declarations;  // empty: all types, as they are
  // Generalised:
  std::vector<std::vector<uint8_t>> core_axes;  // for each parameter the names of its last axes, as small numbers
  uint32_t result_count = 0;
};

/// A Python function's parameters, as a call has to bind them.
struct CalleeSignature {
  struct Parameter {
    support::Symbol name;
    types::ConstantId default_value;  // none: has to be given, or the closure holds the default
    int32_t captured_default = -1;    // its place among the closure's values
    bool keyword_only = false;
  };
  std::vector<Parameter> parameters;  // in the order of the compiled function's parameters
  bool takes_rest = false;            // the last parameter is *args and gets a tuple
  uint32_t captured_variables = 0;    // of the closure's values the first, passed behind the parameters
  std::optional<Adaptation> adaptation;
};

struct CalleeResult {
  ir::CalleeRef callee;
  types::TypeId return_type;  // unknown while the recursive group that it belongs to is being solved
};

/// Where a call stands.
struct CallSite {
  support::Location place;
  bool in_nest = false;  // each iteration of a loop nest makes it
};

/// Implemented by the driver, which finds, compiles and names specialisations (architecture, decision 13).
class CalleeProvider {
 public:
  virtual ~CalleeProvider() = default;

  /// Null for a callee that cannot be compiled at all. The signature stays where it is for the whole compilation.
  virtual const CalleeSignature* signature(types::ConstantId callee) = 0;

  /// The specialisation for these types: one a parameter, then those of a closure's captured variables.
  /// Nothing where it fails to compile; the provider has reported why.
  virtual std::optional<CalleeResult> specialise(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                 const CallSite& call_site) = 0;

  /// Whether the function that is being inferred is a kernel itself, none that a kernel calls: it returns nothing.
  virtual bool is_launched() const { return false; }
};

}  // namespace metate::infer

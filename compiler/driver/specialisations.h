// specialisations – finds the functions a call needs, infers each for its argument types, solves recursive groups.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/bytecode/code_object.h"
#include "compiler/bytecode/decode.h"
#include "compiler/driver/pipeline.h"
#include "compiler/frontend/environment.h"
#include "compiler/infer/callee_provider.h"
#include "compiler/ir/function.h"

namespace metate::driver {

/// A Python function as the host hands it over.
struct FunctionSource {
  std::shared_ptr<const bytecode::CodeObject> code;
  std::shared_ptr<frontend::Environment> environment;
  infer::CalleeSignature signature;  // an inner function's is read off its code object
  ir::FunctionOptions options;
  std::optional<frontend::InnerFunction> inner;  // what the outer function says of it
};

/// What the front end asked about a function's surroundings, and the answer that its untyped form stands on.
struct Question {
  enum class Kind : uint8_t { kGlobal, kBuiltin, kFreeVariable, kAttribute, kConversion, kInnerFunction };
  Kind kind;
  std::string name;
  uint32_t index = 0;
  types::ConstantId object = {};  // whose attribute
  types::ConstantId answer;       // invalid: there is no such thing
};

/// One function for one list of argument types, lowered to the loop stage.
struct Specialisation {
  types::ConstantId callee;
  std::vector<types::TypeId> arguments;
  ir::FunctionOptions options;  // that it is compiled with
  support::Symbol name;         // of its code: unique in the session
  std::optional<ir::Function> function;
  types::TypeId return_type;
  std::vector<uint32_t> callees;  // specialisations that it calls
  bool is_recursive = false;      // a call of it may come round to it
  bool has_warnings = false;      // of it, or of what it calls
};

/// What people know a specialisation by: "f(array<f64,1,C>, int)".
std::string label_of(types::ConstantId callee, std::span<const types::TypeId> arguments, const ir::Universe& universe);
inline std::string label_of(const Specialisation& specialisation, const ir::Universe& universe) {
  return label_of(specialisation.callee, specialisation.arguments, universe);
}

/// What a compile is for, beside the types of the arguments.
struct Purpose {
  uint8_t kernel_rank = 0;  // the number of dimensions of a kernel's launch; 0 for functions of the CPU
  bool offload = false;     // parallel nests are a device's
};

/// Owns every function and specialisation of a session. Not thread-safe: the session locks.
class Specialisations final : public infer::CalleeProvider {
 public:
  explicit Specialisations(ir::Universe& universe) : universe_(universe) {}

  types::ConstantId add_function(FunctionSource source);
  /// A callee of its own that calls another in the way that `adaptation` says. `signature` has its parameters.
  types::ConstantId add_adapter(infer::CalleeSignature signature, const ir::FunctionOptions& options);
  const FunctionSource& source(types::ConstantId callee) const { return *sources_[index_of(callee)].source; }

  /// The specialisation and, through `callees`, all that it needs; nothing after an error, which is in `diagnostics`.
  const Specialisation* find(types::ConstantId callee, std::span<const types::TypeId> arguments, Purpose purpose,
                             support::Diagnostics& diagnostics);
  /// Takes a specialisation that was found before through all stages once more, for somebody who wants to see them.
  /// False after an error.
  bool replay(const Specialisation& specialisation, Purpose purpose, support::Diagnostics& diagnostics,
              const StageObserver& observe);
  const Specialisation& operator[](uint32_t index) const { return *all_[index]; }
  uint32_t number_of(const Specialisation& specialisation) const;
  /// Lets go of a specialisation and of what it alone calls, but of nothing that `is_kept` says somebody holds.
  void forget(const Specialisation& root, const std::function<bool(const Specialisation&)>& is_kept);
  size_t count() const { return all_.size() - free_.size(); }
  /// Indices of a specialisation and everything it calls, each once.
  std::vector<uint32_t> closure(const Specialisation& root) const;

  const infer::CalleeSignature* signature(types::ConstantId callee) override;
  std::optional<infer::CalleeResult> specialise(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                const infer::CallSite& call_site) override;
  bool is_launched() const override { return purpose_.kernel_rank > 0 && stack_.size() == 1; }

  /// The untyped function of a callee; null after an error.
  const ir::Function* untyped(types::ConstantId callee, bool kernel, support::Diagnostics& diagnostics);
  /// All that was asked for the untyped function, in order.
  std::span<const Question> questions(types::ConstantId callee, bool kernel) const {
    return sources_[index_of(callee)].questions[kernel];
  }

 private:
  bool is_kernel(const Specialisation& root);

  class SolvedBodies;

  struct Source {
    std::unique_ptr<FunctionSource> source;
    std::optional<ir::Function> untyped[2];  // for the CPU, in kernels
    std::vector<Question> questions[2];      // that it was made with
  };
  struct Active {
    uint32_t index;
    bool recursive = false;   // something called it while it was being solved
    size_t deepest_user = 0;  // lowest entry of the stack that depends on an assumption
  };

  /// Solved on an assumption that still may change: that of the stack's entry `deepest_user`.
  struct Provisional {
    uint32_t index;
    size_t deepest_user;
  };

  uint32_t index_of(types::ConstantId callee) const;
  void depend_on(uint32_t found);
  std::optional<uint32_t> solve(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                const ir::FunctionOptions& options);
  bool infer_once(uint32_t index);
  /// Nothing after an error. A function whose return type is not known yet is not taken further than that.
  std::optional<ir::Function> make(const Specialisation& specialisation, const StageObserver& observe);
  uint32_t free_index();
  ir::FunctionOptions options_of(types::ConstantId callee) const;
  ir::FunctionOptions options_of_root(types::ConstantId callee) const;
  ir::FunctionOptions options_of_callee(types::ConstantId callee, bool in_nest) const;

  ir::Universe& universe_;
  std::deque<Source> sources_;                        // its functions stay where they are while others are added
  std::vector<std::unique_ptr<Specialisation>> all_;  // null where one was forgotten
  std::vector<uint32_t> free_;                        // the places of those
  std::unordered_map<std::string, uint32_t> by_key_;
  std::vector<Active> stack_;
  std::vector<Provisional> provisional_;

  // Of the compile under way.
  support::Diagnostics* diagnostics_ = nullptr;
  Purpose purpose_;
};

}  // namespace metate::driver

#include "compiler/driver/global_array_names.h"

#include "compiler/ir/element_name.h"

namespace metate::driver {
namespace {

class ArrayNames {
 public:
  ArrayNames(const Specialisations& functions, ir::Universe& universe) : functions_(functions), universe_(universe) {}

  void add_questions(types::ConstantId callee) {
    for (const Question& question : functions_.questions(callee, /*kernel=*/true))
      if (question.answer.valid()) add(question.answer, name_of(callee, question));
  }

  std::unordered_map<int64_t, std::string> take() { return std::move(names_); }

 private:
  void add(types::ConstantId id, const std::string& name) {
    const types::Constant& constant = universe_.constants[id];
    if (constant.kind == types::ConstantKind::kArray) names_.try_emplace(constant.integer, name);
    if (constant.kind != types::ConstantKind::kTuple) return;
    const types::Type& type = universe_.types[universe_.type_of(id)];
    for (size_t i = 0; i < constant.elements.size(); ++i)
      add(constant.elements[i], ir::element_name(name, type, i, universe_));
  }

  std::string name_of(types::ConstantId callee, const Question& question) const {
    switch (question.kind) {
      case Question::Kind::kFreeVariable:
        return functions_.source(callee).code->freevars[question.index];
      case Question::Kind::kAttribute: {
        const types::Constant& object = universe_.constants[question.object];
        if (object.kind != types::ConstantKind::kModule) return question.name;
        return std::string(universe_.symbols.name(object.symbol)) + "." + question.name;
      }
      case Question::Kind::kGlobal:
      case Question::Kind::kBuiltin:
      case Question::Kind::kConversion:
      case Question::Kind::kInnerFunction:
        return question.name;
    }
    METATE_UNREACHABLE();
  }

  const Specialisations& functions_;
  ir::Universe& universe_;
  std::unordered_map<int64_t, std::string> names_;
};

}  // namespace

std::unordered_map<int64_t, std::string> global_array_names(const Specialisations& functions,
                                                            const Specialisation& kernel, ir::Universe& universe) {
  ArrayNames names(functions, universe);
  for (uint32_t index : functions.closure(kernel)) names.add_questions(functions[index].callee);
  return names.take();
}

}  // namespace metate::driver

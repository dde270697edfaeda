#include "runtime/jit/vector_math.h"

#include <vector>

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include "runtime/abi/math_functions.h"
#include "runtime/jit/host_cpu.h"

namespace metate::jit {
namespace {

constexpr llvm::StringLiteral kPrefix = "metate.";

class Binder {
 public:
  Binder(llvm::Module& module, const HostCpu& cpu) : module_(module), cpu_(cpu), family_(cpu.math_family()) {}

  base::Status run() {
    std::vector<llvm::Function*> neutral;
    for (llvm::Function& function : module_) {
      if (function.isDeclaration() && function.getName().starts_with(kPrefix)) neutral.push_back(&function);
    }
    for (llvm::Function* function : neutral) {
      const abi::MathFunction* exact = find_row(*function, /*fast=*/false);
      if (!exact) {
        return base::Error{base::ErrorCode::kInternal, "no mathematical function " + function->getName().str()};
      }
      if (!has_signature(*function, *exact)) {
        return base::Error{base::ErrorCode::kInternal, "wrong signature of " + function->getName().str()};
      }
      const abi::MathFunction* fast = find_row(*function, /*fast=*/true);
      for (llvm::User* user : llvm::make_early_inc_range(function->users())) {
        auto* call = llvm::dyn_cast<llvm::CallBase>(user);
        if (!call || call->getCalledOperand() != function) continue;
        const bool may_approximate = llvm::isa<llvm::FPMathOperator>(call) && call->hasApproxFunc();
        call->setCalledFunction(declare_scalar(may_approximate ? *fast : *exact, function->getFunctionType()));
      }
      if (!function->use_empty()) function->replaceAllUsesWith(declare_scalar(*exact, function->getFunctionType()));
      function->eraseFromParent();
    }
    llvm::appendToCompilerUsed(module_, vector_forms_);
    return base::Success{};
  }

 private:
  const abi::MathFunction* find_row(const llvm::Function& function, bool fast) const {
    auto [name, type] = function.getName().drop_front(kPrefix.size()).rsplit('.');
    if (type != "f64" && type != "f32") return nullptr;
    return abi::find_math_function({name.data(), name.size()}, type == "f32", family_, fast);
  }

  // A call with other types would compile and give garbage.
  static bool has_signature(const llvm::Function& function, const abi::MathFunction& row) {
    llvm::LLVMContext& context = function.getContext();
    llvm::Type* value = row.is_f32 ? llvm::Type::getFloatTy(context) : llvm::Type::getDoubleTy(context);
    llvm::SmallVector<llvm::Type*, 2> parameters = {value};
    switch (row.signature) {
      case abi::MathSignature::kUnary:
        break;
      case abi::MathSignature::kBinary:
        parameters.push_back(value);
        break;
      case abi::MathSignature::kScale:
        parameters.push_back(llvm::Type::getInt32Ty(context));
        break;
    }
    return function.getFunctionType() == llvm::FunctionType::get(value, parameters, false);
  }

  llvm::Function* declare(const char* symbol, llvm::FunctionType* type) {
    llvm::Function* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, module_);
    function->setDoesNotThrow();
    function->setDoesNotAccessMemory();
    function->setWillReturn();
    function->setNoSync();
    function->setDoesNotFreeMemory();
    function->setSpeculatable();
    return function;
  }

  llvm::Function* declare_scalar(const abi::MathFunction& row, llvm::FunctionType* type) {
    const abi::MathForm& scalar = *row.scalar(family_);
    if (llvm::Function* function = module_.getFunction(scalar.symbol)) return function;
    llvm::Function* function = declare(scalar.symbol, type);
    std::string variants;
    for (const abi::MathForm& form : row.forms) {
      if (form.family != family_ || form.lanes == 1 || !cpu_.has(form.features)) continue;
      llvm::SmallVector<llvm::Type*, 2> parameters;
      for (llvm::Type* parameter : type->params()) {
        parameters.push_back(llvm::FixedVectorType::get(parameter, form.lanes));
      }
      llvm::Type* result = llvm::FixedVectorType::get(type->getReturnType(), form.lanes);
      vector_forms_.push_back(declare(form.symbol, llvm::FunctionType::get(result, parameters, false)));
      // The vector function ABI's mangling: no mask, so many lanes, every parameter a vector.
      variants += (variants.empty() ? "" : ",") + std::string("_ZGV_LLVM_N") + std::to_string(form.lanes) +
                  std::string(parameters.size(), 'v') + "_" + scalar.symbol + "(" + form.symbol + ")";
    }
    if (!variants.empty()) {
      function->addFnAttr("vector-function-abi-variant", variants);
    } else {
      // libm's names are known to LLVM, which would fold a call by the libm of the compiling process. (Not for the
      // others: the vectoriser leaves calls alone that have this attribute.)
      function->addFnAttr(llvm::Attribute::NoBuiltin);
    }
    return function;
  }

  llvm::Module& module_;
  const HostCpu& cpu_;
  const abi::MathFamily family_;
  std::vector<llvm::GlobalValue*> vector_forms_;
};

}  // namespace

std::string math_call_name(std::string_view name, bool is_f32) {
  return std::string(kPrefix) + std::string(name) + (is_f32 ? ".f32" : ".f64");
}

base::Status bind_math_functions(llvm::Module& module, const HostCpu& cpu) { return Binder(module, cpu).run(); }

}  // namespace metate::jit

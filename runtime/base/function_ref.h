// function_ref – a function that the caller holds, to be called before the call that it is passed to is over.
#pragma once

#include <type_traits>
#include <utility>

namespace metate::base {

template <class Signature>
class FunctionRef;

/// Unlike std::function it copies nothing and allocates nothing.
template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class Function>
    requires(!std::is_same_v<Function, FunctionRef>)
  FunctionRef(const Function& function)  // NOLINT: converts
      : function_(&function), call_([](const void* callee, Arguments... arguments) -> Result {
          return (*static_cast<const Function*>(callee))(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(function_, std::forward<Arguments>(arguments)...); }

 private:
  const void* function_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace metate::base

// result.h – the value or the environment failure of an operation that can fail outside of our control.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace metate::base {

/// What kind of failure it was; `python/ext/errors` maps each to one Python exception class.
enum class ErrorCode : int {
  kUnsupported,      // the feature exists nowhere here (driver, device, platform)
  kInvalidArgument,  // the caller's value cannot be used
  kNotFound,         // a file, library, symbol or device is missing
  kOutOfMemory,
  kIo,        // the operating system refused (full disk, permissions)
  kDevice,    // a device or its driver failed
  kInternal,  // a bug of ours; the message says stage, function and where the dump is
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

struct Success {};

/// Holds a T or an Error. There are no exceptions in `compiler/` and `runtime/`, so it must be looked at.
///
///   Result<Device> device = select_default_device();
///   if (!device) return device.error();
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }
  Error take_error() { return std::move(std::get<1>(state_)); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Success>;

}  // namespace metate::base

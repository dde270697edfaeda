// kernel – a kernel of a module: what is known of it, and the driver's objects that launches set up.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/handles.h"

namespace metate::level_zero {

class Device;

using Extent3 = std::array<uint32_t, 3>;

/// What the driver knows of a kernel. Sizes in work-items or bytes; 0 where the kernel or the driver does not say.
struct KernelProperties {
  uint32_t required_sub_groups = 0;
  uint32_t required_sub_group_size = 0;
  uint32_t max_sub_groups = 0;
  uint32_t max_sub_group_size = 0;
  uint32_t preferred_multiple = 0;  // of group sizes
  uint32_t local_bytes = 0;
  uint32_t private_bytes = 0;
  std::array<uint8_t, 16> uuid{};  // equal for kernels of one code
};

/// A kernel of a module. Arguments, group size and offset of a launch are state of the driver's object, so that each
/// launch has one for itself, and there come to be as many as launches at the same time: one that blocks holds up no
/// other. Safe to use from several threads; its module must outlive it.
class METATE_API Kernel {
 public:
  static base::Result<Kernel> make(const Functions& functions, _ze_module_handle_t* module, std::string name);

  const std::string& name() const { return name_; }
  uint32_t argument_count() const { return argument_count_; }

  base::Result<KernelProperties> properties() const;

  /// The size of groups that the driver suggests for so many items.
  base::Result<Extent3> suggest_group_size(const Extent3& items) const;

 private:
  friend class Queue;

  struct Object {
    KernelHandle handle;
    Extent3 offset{};  // of its next launch, as the driver knows it
  };
  /// Those that no launch has. One of them, which a single thread always finds, takes no lock.
  struct Idle {
    std::atomic<Object*> one = nullptr;
    std::mutex mutex;
    std::vector<std::unique_ptr<Object>> others;

    ~Idle() { delete one.load(); }
    /// Null if there is none.
    std::unique_ptr<Object> take();
    void give_back(std::unique_ptr<Object> object);
  };
  /// An object that is nobody else's while this lives.
  class Lease {
   public:
    Lease(std::unique_ptr<Object> object, Idle& idle) : object_(std::move(object)), idle_(idle) {}
    Lease(Lease&&) = default;
    ~Lease() {
      if (object_) idle_.give_back(std::move(object_));
    }
    Object* operator->() { return object_.get(); }
    _ze_kernel_handle_t* handle() const { return object_->handle.get(); }

   private:
    std::unique_ptr<Object> object_;  // null when it has moved on
    Idle& idle_;
  };

  base::Result<Lease> lease() const;
  base::Result<KernelHandle> make_object() const;

  const Functions* functions_ = nullptr;
  _ze_module_handle_t* module_ = nullptr;
  std::string name_;
  uint32_t argument_count_ = 0;
  std::unique_ptr<Idle> idle_ = std::make_unique<Idle>();
};

}  // namespace metate::level_zero

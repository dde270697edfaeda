// lacks – what the device does not have costs a module the functions that need it, and no more.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

void Reader::lack(std::string reason) {
  if (!failed()) lack_ = std::move(reason);
}

/// Whether the id stands for nothing; what is being read lacks the same then.
bool Reader::is_lacking(uint32_t id) {
  auto found = lacking_.find(id);
  if (found == lacking_.end()) return false;
  lack(found->second);
  return true;
}

/// What has been read as `id` lacks something: it is not there, and the reading goes on behind it.
bool Reader::take_lack(uint32_t id) {
  if (lack_.empty()) return false;
  if (id) {
    types_[id] = nullptr;
    values_[id] = nullptr;
    lacking_[id] = std::move(lack_);
  }
  lack_.clear();
  return true;
}

/// Leaves a declaration, which callers may still use.
void Reader::discard(llvm::Function& function, uint32_t id) {
  take_lack(id);
  result_.notes.kernels.erase(&function);
  function.deleteBody();
}

/// Callers of what is not there are not there either.
void Reader::spread_lacks() {
  std::unordered_map<const llvm::Function*, uint32_t> ids;
  for (auto& [id, function] : functions_) ids[function] = id;
  std::vector<llvm::Function*> discarded;
  for (auto& [id, function] : functions_) {
    if (lacking_.contains(id)) discarded.push_back(function);
  }
  for (size_t next = 0; next < discarded.size(); ++next) {
    const std::string reason = lacking_[ids[discarded[next]]];
    while (!discarded[next]->use_empty()) {
      auto* use = llvm::dyn_cast<llvm::Instruction>(*discarded[next]->user_begin());
      llvm::Function* caller = use ? use->getFunction() : nullptr;
      // The value of a variable, or a function of another part.
      if (!caller || !ids.contains(caller)) return fail(reason);
      lack(reason);
      discard(*caller, ids[caller]);
      discarded.push_back(caller);
    }
  }
  for (llvm::Function* function : discarded) {
    const uint32_t id = ids[function];
    functions_.erase(id);
    if (export_name(id).empty()) function->eraseFromParent();
  }
}

}  // namespace metate::ze_software::spirv

#include "runtime/jit/debugger.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>

#include "llvm/Object/ELF.h"
#include "llvm/Support/Error.h"

#include "runtime/base/at_fork.h"

// The names, fields and their order are GDB's: it stops at the function and reads the variable. There is one of each in
// a process for all that this library links. "protected": another library's, of the same name, never takes their place.
extern "C" {
struct MetateJitCodeEntry {
  MetateJitCodeEntry* next;
  MetateJitCodeEntry* previous;
  const char* object;
  uint64_t size;
};

struct MetateJitDescriptor {
  uint32_t version;
  uint32_t action;
  MetateJitCodeEntry* relevant;
  MetateJitCodeEntry* first;
};

__attribute__((visibility("protected"), used)) MetateJitDescriptor __jit_debug_descriptor = {1, 0, nullptr, nullptr};

// Not inlined, and not empty: a call of it has to stay where it is.
__attribute__((visibility("protected"), used, noinline)) void __jit_debug_register_code() {
  __asm__ volatile("" ::: "memory");
}
}

namespace metate::jit {
namespace {

using Elf = llvm::object::ELF64LE;
using ElfFile = llvm::object::ELFFile<Elf>;

enum Action : uint32_t { kNothing = 0, kRegister = 1, kUnregister = 2 };

/// Around all changes of the list. A child process begins with it free.
constinit std::mutex list_mutex;
const base::AtFork kHoldsList([] { list_mutex.lock(); }, [] { list_mutex.unlock(); }, [] { list_mutex.unlock(); });

void tell(Action action, MetateJitCodeEntry* entry) {
  __jit_debug_descriptor.action = action;
  __jit_debug_descriptor.relevant = entry;
  __jit_debug_register_code();
  __jit_debug_descriptor.action = kNothing;
  __jit_debug_descriptor.relevant = nullptr;
}

std::optional<ElfFile> read_elf(std::span<const std::byte> object) {
  llvm::StringRef bytes(reinterpret_cast<const char*>(object.data()), object.size());
  if (!bytes.starts_with(llvm::ELF::ElfMagic)) return std::nullopt;
  llvm::Expected<ElfFile> file = ElfFile::create(bytes);
  if (file) return *file;
  llvm::consumeError(file.takeError());
  return std::nullopt;
}

/// `visit(name, header)` for each section; headers lie in the bytes of the file.
template <class F>
void for_each_section(const ElfFile& file, F&& visit) {
  auto sections = file.sections();
  if (!sections) return llvm::consumeError(sections.takeError());
  for (const Elf::Shdr& section : *sections) {
    llvm::Expected<llvm::StringRef> name = file.getSectionName(section);
    if (name)
      visit(*name, section);
    else
      llvm::consumeError(name.takeError());
  }
}

}  // namespace

struct KnownToDebuggers::Entry : MetateJitCodeEntry {};

bool has_debug_lines(std::span<const std::byte> object) {
  std::optional<ElfFile> file = read_elf(object);
  bool found = false;
  if (file) for_each_section(*file, [&](llvm::StringRef name, const Elf::Shdr&) { found |= name == ".debug_line"; });
  return found;
}

KnownToDebuggers::KnownToDebuggers(std::span<const std::byte> object, const SectionAddresses& addresses)
    : object_(object.begin(), object.end()) {
  std::optional<ElfFile> file = read_elf(object_);
  if (!file) return;
  for_each_section(*file, [&](llvm::StringRef name, const Elf::Shdr& section) {
    auto found = std::ranges::find(addresses, name, &SectionAddresses::value_type::first);
    // The bytes are ours: the reader only looks at them.
    if (found != addresses.end()) const_cast<Elf::Shdr&>(section).sh_addr = found->second;
  });
  entry_ = new Entry{{nullptr, nullptr, reinterpret_cast<const char*>(object_.data()), object_.size()}};
  std::lock_guard lock(list_mutex);
  entry_->next = __jit_debug_descriptor.first;
  if (entry_->next) entry_->next->previous = entry_;
  __jit_debug_descriptor.first = entry_;
  tell(kRegister, entry_);
}

KnownToDebuggers::~KnownToDebuggers() {
  if (!entry_) return;
  {
    std::lock_guard lock(list_mutex);
    (entry_->previous ? entry_->previous->next : __jit_debug_descriptor.first) = entry_->next;
    if (entry_->next) entry_->next->previous = entry_->previous;
    tell(kUnregister, entry_);
  }
  delete entry_;
}

}  // namespace metate::jit

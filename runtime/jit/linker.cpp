#include "runtime/jit/linker.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h"
#include "llvm/ExecutionEngine/Orc/SymbolStringPool.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"

#include "runtime/jit/crash_guard.h"
#include "runtime/jit/debugger.h"
#include "runtime/jit/foreign_symbols.h"
#include "runtime/jit/perf_map.h"

namespace metate::jit {

namespace jitlink = llvm::jitlink;

// Outlives the linker: linked code gives its memory back to the manager that it came from.
struct Linker::Shared {
  jitlink::InProcessMemoryManager memory{llvm::sys::Process::getPageSizeEstimate()};
  std::shared_ptr<llvm::orc::SymbolStringPool> names = std::make_shared<llvm::orc::SymbolStringPool>();
};

struct LinkedCode::State {
  std::shared_ptr<Linker::Shared> shared;
  jitlink::JITLinkMemoryManager::FinalizedAlloc memory;
  std::vector<std::pair<std::string, const void*>> symbols;  // sorted
  std::unique_ptr<KnownToDebuggers> known;                   // null unless the code has lines; goes before the memory
};

namespace {

struct Outcome {
  std::optional<jitlink::JITLinkMemoryManager::FinalizedAlloc> memory;
  std::vector<std::pair<std::string, const void*>> symbols;
  SectionAddresses sections;  // where the object has lines for debuggers
  std::string missing;        // names, separated by ", "
  std::string failure;
};

// One link. JITLink allows lookups and allocation to finish later on other threads; here all is done at once.
class LinkContext : public jitlink::JITLinkContext {
 public:
  LinkContext(jitlink::JITLinkMemoryManager& memory, const SymbolProvider& provider, bool has_lines, Outcome& outcome)
      : JITLinkContext(nullptr), memory_(memory), provider_(provider), has_lines_(has_lines), outcome_(outcome) {}

  jitlink::JITLinkMemoryManager& getMemoryManager() override { return memory_; }
  void notifyFailed(llvm::Error error) override { outcome_.failure = llvm::toString(std::move(error)); }

  void lookup(const LookupMap& symbols, std::unique_ptr<jitlink::JITLinkAsyncLookupContinuation> then) override {
    jitlink::AsyncLookupResult found;
    for (const auto& [symbol, flags] : symbols) {
      const std::string_view name((*symbol).data(), (*symbol).size());
      const void* address = provider_ ? provider_(name) : nullptr;
      if (!address) address = find_foreign_symbol(name);
      if (!address && flags == jitlink::SymbolLookupFlags::RequiredSymbol) {
        outcome_.missing += (outcome_.missing.empty() ? "" : ", ") + std::string(name);
      }
      found[symbol] = {llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported};
    }
    if (outcome_.missing.empty()) {
      then->run(std::move(found));
    } else {
      then->run(llvm::make_error<llvm::StringError>("missing symbols", llvm::inconvertibleErrorCode()));
    }
  }

  llvm::Error notifyResolved(jitlink::LinkGraph& graph) override {
    for (const jitlink::Symbol* symbol : graph.defined_symbols()) {
      if (!symbol->hasName() || symbol->getScope() == jitlink::Scope::Local) continue;
      outcome_.symbols.emplace_back((*symbol->getName()).str(), symbol->getAddress().toPtr<const void*>());
    }
    if (has_lines_) find_sections(graph);
    if (is_perf_map_wanted()) add_to_perf_map(graph);
    return llvm::Error::success();
  }

  void notifyFinalized(jitlink::JITLinkMemoryManager::FinalizedAlloc memory) override {
    outcome_.memory = std::move(memory);
  }

 private:
  void find_sections(jitlink::LinkGraph& graph) {
    for (jitlink::Section& section : graph.sections()) {
      const jitlink::SectionRange range(section);
      if (!range.empty()) outcome_.sections.emplace_back(section.getName().str(), range.getStart().getValue());
    }
  }

  static void add_to_perf_map(jitlink::LinkGraph& graph) {
    PerfMapLines lines;
    for (const jitlink::Symbol* symbol : graph.defined_symbols())
      if (symbol->hasName() && symbol->isCallable())
        lines.add(symbol->getAddress().getValue(), symbol->getSize(), (*symbol->getName()).str());
    lines.write();
  }

  jitlink::JITLinkMemoryManager& memory_;
  const SymbolProvider& provider_;
  bool has_lines_;
  Outcome& outcome_;
};

}  // namespace

LinkedCode::LinkedCode(std::unique_ptr<State> state) : state_(std::move(state)) {}

LinkedCode::~LinkedCode() {
  state_->known.reset();
  // Unmapping what was mapped cannot fail in a way that anyone could act upon.
  llvm::consumeError(state_->shared->memory.deallocate(std::move(state_->memory)));
}

const void* LinkedCode::lookup(std::string_view name) const {
  const auto& symbols = state_->symbols;
  auto at = std::lower_bound(symbols.begin(), symbols.end(), name,
                             [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return at != symbols.end() && at->first == name ? at->second : nullptr;
}

Linker::Linker() : shared_(std::make_shared<Shared>()) {}
Linker::~Linker() = default;

base::Result<std::unique_ptr<LinkedCode>> Linker::link(std::span<const std::byte> object,
                                                       const SymbolProvider& provider) {
  Outcome outcome;
  const bool has_lines = has_debug_lines(object);
  base::Status guarded = run_guarded("link", [&] {
    llvm::StringRef bytes(reinterpret_cast<const char*>(object.data()), object.size());
    auto graph = jitlink::createLinkGraphFromObject(llvm::MemoryBufferRef(bytes, "object"), shared_->names);
    if (!graph) {
      outcome.failure = llvm::toString(graph.takeError());
      return;
    }
    jitlink::link(std::move(*graph), std::make_unique<LinkContext>(shared_->memory, provider, has_lines, outcome));
  });
  if (!guarded) return guarded.take_error();
  if (!outcome.memory) {
    const std::string what = outcome.missing.empty() ? outcome.failure : "no symbol " + outcome.missing;
    return base::Error{base::ErrorCode::kInternal, "link: " + what};
  }
  std::sort(outcome.symbols.begin(), outcome.symbols.end());
  auto state = std::make_unique<LinkedCode::State>();
  state->shared = shared_;
  state->memory = std::move(*outcome.memory);
  state->symbols = std::move(outcome.symbols);
  if (has_lines) state->known = std::make_unique<KnownToDebuggers>(object, outcome.sections);
  // Not make_unique: the constructor is for the linker alone.
  return std::unique_ptr<LinkedCode>(new LinkedCode(std::move(state)));
}

}  // namespace metate::jit

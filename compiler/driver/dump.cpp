#include "compiler/driver/dump.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "compiler/ir/text/print.h"

namespace metate::driver {
namespace {

constexpr std::string_view kAll = "all";

std::vector<std::string_view> stages() {
  std::vector<std::string_view> names{"frontend", "infer"};
  for (const transform::PassInfo& pass : transform::passes()) names.push_back(pass.name);
  for (std::string_view name : {"codegen", "optimise", "emit", "spirv"}) names.push_back(name);
  return names;
}

/// In one piece, so that other threads and processes write before it or behind it.
bool write_whole(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

void complain(const std::string& text) { write_whole(STDERR_FILENO, "metate: METATE_DUMP: " + text + "\n"); }

class Dump {
 public:
  static const Dump& get() {
    static const Dump made;
    return made;
  }

  bool wants(std::string_view stage) const { return wants_all_ || std::ranges::find(wanted_, stage) != wanted_.end(); }
  bool is_off() const { return !wants_all_ && wanted_.empty(); }
  const std::string& folder() const { return folder_; }

 private:
  Dump() {
    const char* folder = std::getenv("METATE_DUMP_DIR");
    if (folder) folder_ = folder;
    const char* asked = std::getenv("METATE_DUMP");
    std::string_view rest = asked ? asked : "";
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      take(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    if (is_off() || folder_.empty()) return;
    std::error_code fault;
    std::filesystem::create_directory(folder_, fault);
    if (fault) complain("cannot make the folder " + folder_ + ": " + fault.message());
  }

  void take(std::string_view name) {
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name.empty()) return;
    const std::vector<std::string_view> known = stages();
    if (name == kAll) {
      wants_all_ = true;
    } else if (std::ranges::find(known, name) != known.end()) {
      wanted_.emplace_back(name);
    } else {
      std::string list(kAll);
      for (std::string_view each : known) list += ", " + std::string(each);
      complain("there is no stage '" + std::string(name) + "'; there are " + list);
    }
  }

  bool wants_all_ = false;
  std::vector<std::string> wanted_;
  std::string folder_;
};

/// Names of functions may have any letters.
std::string for_a_file(std::string_view name) {
  std::string safe(name);
  for (char& c : safe)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') c = '_';
  return safe;
}

void write_to(const std::string& folder, std::string_view stage, std::string_view function, std::string_view ending,
              std::string_view text) {
  // In the order in which they were made, and apart from those of other processes.
  static std::atomic<int> next = 1;
  char number[32];
  std::snprintf(number, sizeof number, "%ld-%04d", static_cast<long>(getpid()), next.fetch_add(1));
  const std::string path =
      folder + "/" + number + "-" + for_a_file(function) + "-" + std::string(stage) + "." + std::string(ending);
  std::FILE* file = std::fopen(path.c_str(), "we");
  const bool whole = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file && std::fclose(file) == 0;
  if (!whole || !closed) complain("cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace

bool is_dumped(std::string_view stage) { return Dump::get().wants(stage); }

bool is_dumping() { return !Dump::get().is_off(); }

void dump(std::string_view stage, std::string_view function, std::string_view ending, std::string_view text) {
  const std::string& folder = Dump::get().folder();
  if (!folder.empty()) return write_to(folder, stage, function, ending, text);
  std::string page = "; ---- " + std::string(function) + " after " + std::string(stage) + "\n";
  page += text;
  if (page.back() != '\n') page += '\n';
  write_whole(STDERR_FILENO, page);
}

StageObserver dump_stages(support::Symbol name, const ir::Universe& universe) {
  if (Dump::get().is_off()) return [](std::string_view, const ir::Function&) {};
  return [name, &universe](std::string_view stage, const ir::Function& function) {
    if (is_dumped(stage)) dump(stage, universe.symbols.name(name), "ir", ir::print(function));
  };
}

}  // namespace metate::driver

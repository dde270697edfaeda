#include "runtime/ze_software/build_id.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "runtime/base/build_info.h"

#ifdef __linux__
#include <elf.h>
#include <link.h>
#endif

namespace metate::ze_software {
namespace {

#ifdef __linux__

struct Search {
  uintptr_t inside;  // an address of the library
  std::string found;
};

std::string hexadecimal(const unsigned char* bytes, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text.push_back("0123456789abcdef"[bytes[i] >> 4]);
    text.push_back("0123456789abcdef"[bytes[i] & 15]);
  }
  return text;
}

/// Notes are a header, a name and a description, the latter two rounded up to four bytes.
std::string find_build_id(const char* notes, size_t size) {
  constexpr std::string_view kName("GNU\0", 4);
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes, sizeof(header));
    const size_t name_size = (header.n_namesz + 3) & ~size_t{3};
    const size_t description_size = (header.n_descsz + 3) & ~size_t{3};
    const size_t whole = sizeof(header) + name_size + description_size;
    if (whole > size) break;
    const char* name = notes + sizeof(header);
    if (header.n_type == NT_GNU_BUILD_ID && std::string_view(name, header.n_namesz) == kName) {
      return hexadecimal(reinterpret_cast<const unsigned char*>(name + name_size), header.n_descsz);
    }
    notes += whole;
    size -= whole;
  }
  return {};
}

int visit_library(dl_phdr_info* library, size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  bool ours = false;
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const ElfW(Phdr) & segment = library->dlpi_phdr[i];
    const uintptr_t begin = library->dlpi_addr + segment.p_vaddr;
    ours |= segment.p_type == PT_LOAD && search.inside - begin < segment.p_memsz;
  }
  for (int i = 0; ours && i < library->dlpi_phnum && search.found.empty(); ++i) {
    const ElfW(Phdr) & segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const uintptr_t notes = library->dlpi_addr + segment.p_vaddr;
    search.found = find_build_id(reinterpret_cast<const char*>(notes), segment.p_memsz);
  }
  return ours;
}

std::string linker_build_id() {
  Search search{reinterpret_cast<uintptr_t>(&visit_library), {}};
  dl_iterate_phdr(visit_library, &search);
  return search.found;
}

#else

std::string linker_build_id() { return {}; }

#endif

}  // namespace

std::string build_id() {
  std::string id = linker_build_id();
  if (!id.empty()) return id;
  const base::BuildInfo& info = base::build_info();
  return std::string(info.version) + " with LLVM " + std::string(info.llvm) + " " + std::string(info.sanitizers);
}

}  // namespace metate::ze_software

#include "runtime/cache/build_id.h"

#include <link.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace metate::cache {
namespace {

std::string hex(const uint8_t* bytes, size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < size; ++i) text += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
  return text;
}

/// The notes of one segment (ELF specification, "Note Section"): sizes of name and content, type; both padded.
std::string id_in_notes(const uint8_t* at, size_t size) {
  auto padded = [](size_t bytes) { return (bytes + 3) & ~size_t{3}; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, at, sizeof note);
    const size_t whole = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
    if (whole > size) return "";
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(at + sizeof note, "GNU", 4) == 0)
      return hex(at + sizeof note + 4, note.n_descsz);
    at += whole;
    size -= whole;
  }
  return "";
}

struct Search {
  uintptr_t inside;
  std::string id;
};

int look_at(dl_phdr_info* object, size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  bool is_it = false;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) & part = object->dlpi_phdr[i];
    is_it |= part.p_type == PT_LOAD && search.inside - (object->dlpi_addr + part.p_vaddr) < part.p_memsz;
  }
  if (!is_it) return 0;
  for (int i = 0; i < object->dlpi_phnum && search.id.empty(); ++i) {
    const ElfW(Phdr) & part = object->dlpi_phdr[i];
    if (part.p_type == PT_NOTE)
      search.id = id_in_notes(reinterpret_cast<const uint8_t*>(object->dlpi_addr + part.p_vaddr), part.p_memsz);
  }
  return 1;
}

}  // namespace

std::string build_id() {
  Search search{.inside = reinterpret_cast<uintptr_t>(&build_id), .id = {}};
  dl_iterate_phdr(look_at, &search);
  return search.id;
}

}  // namespace metate::cache

// entry_tables – the function tables of the API, of entry_points.def.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace metate::test {

struct Entry {
  uint32_t since;
  const char* name;
  const char* reason;  // why Metate's driver refuses it, else null
};

struct Table {
  const char* getter;
  bool optional;  // it came later: a driver may lack it
  std::vector<Entry> entries;

  size_t size(uint32_t minor) const {
    return static_cast<size_t>(
        std::count_if(entries.begin(), entries.end(), [=](const Entry& entry) { return entry.since <= minor; }));
  }
};

inline std::vector<Table> all_tables() {
  std::vector<Table> tables;
#define TABLE(getter, optional) tables.push_back({#getter, optional, {}});
#define OFFERED(since, name) tables.back().entries.push_back({since, #name, nullptr});
#define NOT_OFFERED(since, name, reason) tables.back().entries.push_back({since, #name, reason});
#include "tests/level_zero/entry_points.def"
  return tables;
}

}  // namespace metate::test

// study_facts – what the stages of one function say of its loops, checks and arrays.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "compiler/driver/study.h"

namespace metate::driver {

/// Looks on while the stages of a function go by.
class FactFinder {
 public:
  explicit FactFinder(const ir::Universe& universe) : universe_(universe) {}

  void saw(std::string_view stage, const ir::Function& function);
  /// Behind the last stage.
  void finish(const ir::Function& function, Study& study);

 private:
  using Key = std::tuple<std::string, int32_t, int32_t>;
  /// Of the checks of a stage: whether one stands in code that usually runs.
  using Checks = std::map<Key, bool>;

  Checks checks_of(const ir::Function& function) const;
  static bool is_kept(const Checks& checks, const Key& key);
  Place place_of(const ir::SourcePlace& place) const;
  void find_operations(const ir::Function& function);
  int32_t last_line(const ir::Function& function, const ir::SourcePlace& loop, ir::Block block, int32_t so_far) const;
  void find_nests(const ir::Function& function, Study& study) const;
  void find_arrays(const ir::Function& function, Study& study) const;
  void find_plain_loops(const ir::Function& function, Study& study) const;

  const ir::Universe& universe_;
  Checks before_;   // any was removed
  Checks proved_;   // when those that cannot fail are gone
  Checks hoisted_;  // when those are gone that a comparison in front of the loop replaces
  bool has_begun_ = false;
  std::vector<ArrayOperation> operations_;
};

}  // namespace metate::driver

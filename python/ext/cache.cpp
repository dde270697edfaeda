#include "python/ext/cache.h"

#include "python/ext/interpreter.h"
#include "python/ext/raise.h"
#include "runtime/cache/settings.h"
#include "runtime/cache/store.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

nb::dict as_dict(const cache::StoreInfo& info) {
  nb::dict made;
  made["path"] = str_of(info.path);
  made["entries"] = info.entries;
  made["bytes"] = info.bytes;
  made["limit"] = info.limit;
  made["damaged"] = info.damaged;
  return made;
}

template <cache::StoreInfo (cache::Store::*ask)() const>
nb::dict ask_store() {
  std::unique_ptr<cache::Store> store = take(cache::Store::open_default());
  return as_dict((*store.*ask)());
}

nb::object counts() {
  Interpreter* interpreter = Interpreter::get();
  if (!interpreter) throw nb::python_error();
  std::optional<driver::CacheCounts> counts;
  {
    ReleaseGil released;
    auto guard = interpreter->session().lock();
    if (driver::ArtifactCache* cache = interpreter->session().cache()) counts = cache->counts;
  }
  if (!counts) return nb::none();
  nb::dict made;
  made["hits"] = counts->hits;
  made["misses"] = counts->misses;
  made["uncachable"] = counts->uncachable;
  return made;
}

nb::object path() {
  Interpreter* interpreter = Interpreter::get();
  if (!interpreter) throw nb::python_error();
  std::string path;
  {
    ReleaseGil released;
    auto guard = interpreter->session().lock();
    if (driver::ArtifactCache* cache = interpreter->session().cache()) path = cache->path();
  }
  if (path.empty()) return nb::none();
  return str_of(path);
}

}  // namespace

void add_cache(nb::module_& module) {
  module.def("cache_is_wanted", &cache::is_wanted, "Whether programs started in this environment use it; private.");
  module.def("cache_info", &ask_store<&cache::Store::info>, "See metate.cache.info; private.");
  module.def("cache_verify", &ask_store<&cache::Store::verify>, "See metate.cache.verify; private.");
  module.def("cache_clear", &ask_store<&cache::Store::clear>, "See metate.cache.clear; private.");
  module.def("cache_path", &path, "See metate.cache.path; private.");
  module.def("cache_counts", &counts, "See metate.cache.counts; private.");
}

}  // namespace metate::ext

#include "python/ext/nest_reports.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>

#include "python/ext/interpreter.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// What the session's tables say of a version, copied out under its lock.
struct Texts {
  std::vector<std::string> types;
  std::vector<std::string> files;  // by nest
};

Texts texts_of(const driver::Artifact& artifact, Interpreter& interpreter) {
  ReleaseGil released;
  auto guard = interpreter.session().lock();
  const ir::Universe& universe = interpreter.session().universe();
  Texts texts;
  for (types::TypeId type : artifact.arguments) texts.types.push_back(universe.text(type));
  for (const driver::NestReport& nest : artifact.nests)
    texts.files.push_back(nest.place.file ? std::string(universe.symbols.name(nest.place.file)) : std::string());
  return texts;
}

nb::object describe(const NestsOfVersion& version, Interpreter& interpreter) {
  const driver::Artifact& artifact = *version.artifact;
  const Texts texts = texts_of(artifact, interpreter);
  nb::list types, nests;
  for (const std::string& text : texts.types) types.append(str_of(text));
  for (size_t i = 0; i < artifact.nests.size(); ++i) {
    const driver::NestReport& nest = artifact.nests[i];
    nb::object launches = nb::none();
    if (nest.kernel >= 0) launches = nb::cast((*version.launches)[static_cast<size_t>(nest.kernel)]);
    nests.append(nb::make_tuple(str_of(texts.files[i]), nest.place.range.line, nest.is_expression, str_of(nest.unfused),
                                launches, str_of(nest.obstacle), nest.obstacle_place.range.line));
  }
  return nb::make_tuple(nb::tuple(types), version.launches != nullptr, nests);
}

}  // namespace

PyObject* describe_nests(std::span<const NestsOfVersion> versions, Interpreter& interpreter) {
  try {
    nb::list list;
    for (const NestsOfVersion& version : versions) list.append(describe(version, interpreter));
    return list.release().ptr();
  } catch (nb::python_error& error) {
    error.restore();
  }
  return nullptr;
}

}  // namespace metate::ext

#include "compiler/driver/artifact_bytes.h"

#include <algorithm>
#include <limits>

namespace metate::driver {
namespace {

using codegen::ErrorSite;
using types::ConstantId;
using types::ConstantKind;
using types::TypeId;

class ArtifactWriter {
 public:
  ArtifactWriter(const References& references, const ir::Universe& universe)
      : references_(references),
        universe_(universe),
        values_(bytes_, universe, [&](ConstantId constant) { return references.number_of(constant); }) {}

  bool write(const Artifact& artifact) {
    bytes_.u8(static_cast<uint8_t>(artifact.kind));
    bytes_.block(artifact.bytes);
    bytes_.text(artifact.entry);
    bytes_.list(artifact.arguments, [&](TypeId type) { values_.type(type); });
    values_.type(artifact.result);
    bytes_.list(artifact.sites, [&](const ErrorSite& site) { write(site); });
    bytes_.u8(artifact.may_take_long);
    bytes_.list(artifact.nests, [&](const NestReport& nest) { write(nest); });
    write_arrays(artifact);
    return !values_.failed();
  }

  std::vector<std::byte> take() { return bytes_.take(); }

 private:
  void write(const ir::SourcePlace& place) {
    std::optional<uint64_t> file = place.file ? references_.number_of_file(place.file) : std::nullopt;
    if (place.file && !file) values_.fail();
    bytes_.u64(file ? *file + 1 : 0);
    values_.symbol(place.function);
    for (int32_t part : {place.range.line, place.range.end_line, place.range.column, place.range.end_column})
      bytes_.i64(part);
  }

  void write(const ErrorSite& site) {
    bytes_.u8(static_cast<uint8_t>(site.kind));
    values_.constant(site.message.exception);
    bytes_.list(site.message.parts, [&](const ir::MessagePart& part) {
      values_.symbol(part.literal);
      bytes_.i64(part.operand);
    });
    bytes_.list(site.value_types, [&](TypeId type) { values_.type(type); });
    values_.symbol(site.symbol);
    write(site.place);
  }

  void write(const NestReport& nest) {
    if (nest.kernel >= 0) values_.fail();
    write(nest.place);
    bytes_.u8(nest.is_expression);
    bytes_.text(nest.obstacle);
    write(nest.obstacle_place);
  }

  /// Which array each number in the object's symbols stands for.
  void write_arrays(const Artifact& artifact) {
    std::vector<std::pair<int64_t, uint64_t>> arrays;
    for (uint64_t number = 0; number < references_.size(); ++number) {
      const types::Constant& constant = universe_.constants[*references_.constant(number)];
      if (constant.kind == ConstantKind::kArray) arrays.emplace_back(constant.integer, number);
    }
    if (!artifact.frozen_arrays.empty()) values_.fail();  // it was read itself, from a cache
    bytes_.list(arrays, [&](const auto& array) {
      bytes_.i64(array.first);
      bytes_.u64(array.second);
    });
  }

  const References& references_;
  const ir::Universe& universe_;
  ByteWriter bytes_;
  ValueWriter values_;
};

class ArtifactReader {
 public:
  ArtifactReader(std::span<const std::byte> bytes, const References& references, ir::Universe& universe)
      : references_(references), universe_(universe), bytes_(bytes), values_(bytes_, universe, references) {}

  bool read(Artifact& artifact) {
    artifact.kind = static_cast<Artifact::Kind>(bytes_.u8_below(static_cast<unsigned>(Artifact::Kind::kSpirv) + 1));
    const std::span<const std::byte> code = bytes_.block();
    artifact.bytes.assign(code.begin(), code.end());
    artifact.entry = bytes_.text();
    bytes_.list([&] { artifact.arguments.push_back(type()); });
    artifact.result = type();
    bytes_.list([&] { artifact.sites.push_back(site()); });
    artifact.may_take_long = bytes_.flag();
    bytes_.list([&] { artifact.nests.push_back(nest()); });
    bytes_.list([&] {
      const int64_t number = bytes_.i64();
      std::optional<ConstantId> constant = references_.constant(bytes_.u64());
      if (!constant || universe_.constants[*constant].kind != ConstantKind::kArray) return bytes_.fail();
      artifact.frozen_arrays.emplace_back(number, *constant);
    });
    return bytes_.at_end();
  }

 private:
  /// One that has to be there.
  TypeId type() {
    const TypeId type = values_.type();
    if (!type) bytes_.fail();
    return type;
  }

  int32_t small() {
    const int64_t value = bytes_.i64();
    if (value == static_cast<int32_t>(value)) return static_cast<int32_t>(value);
    bytes_.fail();
    return 0;
  }

  ir::SourcePlace place() {
    ir::SourcePlace place;
    if (const uint64_t file = bytes_.u64()) {
      std::optional<support::Symbol> known = references_.file(file - 1);
      if (!known) bytes_.fail();
      place.file = known.value_or(support::Symbol());
    }
    place.function = values_.symbol();
    for (int32_t* part : {&place.range.line, &place.range.end_line, &place.range.column, &place.range.end_column})
      *part = small();
    return place;
  }

  ErrorSite site() {
    ErrorSite site{};
    site.kind = static_cast<ErrorSite::Kind>(bytes_.u8_below(static_cast<unsigned>(ErrorSite::Kind::kCall) + 1));
    site.message.exception = values_.constant();
    bytes_.list([&] {
      const support::Symbol literal = values_.symbol();
      site.message.parts.push_back({.literal = literal, .operand = small()});
    });
    bytes_.list([&] { site.value_types.push_back(type()); });
    for (const ir::MessagePart& part : site.message.parts)
      if (!part.literal && (part.operand < 0 || static_cast<size_t>(part.operand) >= site.value_types.size()))
        bytes_.fail();
    site.symbol = values_.symbol();
    site.place = place();
    return site;
  }

  NestReport nest() {
    NestReport nest;
    nest.place = place();
    nest.is_expression = bytes_.flag();
    nest.obstacle = bytes_.text();
    nest.obstacle_place = place();
    return nest;
  }

  const References& references_;
  ir::Universe& universe_;
  ByteReader bytes_;
  ValueReader values_;
};

}  // namespace

std::optional<std::vector<std::byte>> write_artifact(const Artifact& artifact, const References& references,
                                                     const ir::Universe& universe) {
  if (artifact.kind != Artifact::Kind::kObject || !artifact.nest_words.empty()) return std::nullopt;
  ArtifactWriter writer(references, universe);
  if (!writer.write(artifact)) return std::nullopt;
  return writer.take();
}

std::optional<Artifact> read_artifact(std::span<const std::byte> bytes, const References& references,
                                      ir::Universe& universe) {
  Artifact artifact;
  if (!ArtifactReader(bytes, references, universe).read(artifact)) return std::nullopt;
  return artifact;
}

}  // namespace metate::driver

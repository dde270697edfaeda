#include "compiler/driver/artifact_bytes.h"

#include <algorithm>
#include <limits>

#include "compiler/codegen/frozen_arrays.h"

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

  void write(const Artifact& artifact) {
    bytes_.number(artifact.kind);
    bytes_.block(artifact.bytes);
    bytes_.text(artifact.entry);
    bytes_.list(artifact.arguments, [&](TypeId type) { values_.type(type); });
    values_.type(artifact.result);
    bytes_.list(artifact.sites, [&](const ErrorSite& site) { write(site); });
    bytes_.number(artifact.may_take_long);
    for (const std::vector<bool>* flags : {&artifact.written, &artifact.read})
      bytes_.list(*flags, [&](bool flag) { bytes_.number(flag); });
    bytes_.list(artifact.nests, [&](const NestReport& nest) { write(nest); });
    write_arrays(artifact);
    write(artifact.nest_words);
    bytes_.list(artifact.nest_kernels, [&](const NestKernel& kernel) {
      bytes_.text(kernel.entry);
      bytes_.number(kernel.rank);
      write(kernel.arguments);
    });
    bytes_.list(artifact.host_accesses, [&](const std::optional<HostAccess>& access) {
      bytes_.number(access.has_value());
      if (!access) return;
      write(access->place);
      bytes_.text(access->reason);
    });
  }

  void write(const CompiledKernel& kernel) {
    write(kernel.artifact);
    write(kernel.words);
    write(kernel.arguments);
    bytes_.number(kernel.prints);
    bytes_.number(kernel.use.local_bytes);
    write(kernel.use.largest_array);
    bytes_.list(kernel.use.meetings, [&](const ir::SourcePlace& place) { write(place); });
    bytes_.number(kernel.use.float_atomics);
    for (const NumberOrigin& origin : {kernel.use.float64, kernel.use.float16, kernel.use.wide_atomics}) {
      bytes_.number(origin.parameter.has_value());
      bytes_.number(origin.parameter.value_or(0));
      write(origin.place);
    }
    bytes_.list(kernel.global_arrays, [&](const codegen::FilledArray& array) { bytes_.text(array.symbol); });
  }

  std::optional<std::vector<std::byte>> take() {
    if (values_.failed()) return std::nullopt;
    return bytes_.take();
  }

 private:
  void write(const std::vector<uint32_t>& words) { bytes_.block(std::as_bytes(std::span(words))); }

  void write(const std::vector<KernelArgument>& arguments) {
    bytes_.list(arguments, [&](const KernelArgument& argument) {
      for (uint32_t part : {argument.slot, argument.bytes, argument.parameter}) bytes_.number(part);
      bytes_.number(argument.is_data);
    });
  }

  void write(const ir::SourcePlace& place) {
    std::optional<uint64_t> file = place.file ? references_.number_of_file(place.file) : std::nullopt;
    if (place.file && !file) values_.fail();
    bytes_.number<uint64_t>(file ? *file + 1 : 0);
    values_.symbol(place.function);
    for (int32_t part : {place.range.line, place.range.end_line, place.range.column, place.range.end_column})
      bytes_.number(part);
  }

  void write(const ErrorSite& site) {
    bytes_.number(site.kind);
    values_.constant(site.message.exception);
    bytes_.list(site.message.parts, [&](const ir::MessagePart& part) {
      values_.symbol(part.literal);
      bytes_.number(part.operand);
    });
    bytes_.list(site.value_types, [&](TypeId type) { values_.type(type); });
    write(site.place);
  }

  void write(const NestReport& nest) {
    write(nest.place);
    bytes_.number(nest.is_expression);
    bytes_.number(nest.kernel);
    bytes_.text(nest.obstacle);
    write(nest.obstacle_place);
    bytes_.text(nest.unfused);
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
      bytes_.number(array.first);
      bytes_.number(array.second);
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

  void read(Artifact& artifact) {
    artifact.kind = bytes_.enumerator(Artifact::Kind::kSpirv);
    const std::span<const std::byte> code = bytes_.block();
    artifact.bytes.assign(code.begin(), code.end());
    artifact.entry = bytes_.text();
    bytes_.list([&] { artifact.arguments.push_back(type()); });
    artifact.result = type();
    bytes_.list([&] { artifact.sites.push_back(site()); });
    artifact.may_take_long = bytes_.flag();
    for (std::vector<bool>* flags : {&artifact.written, &artifact.read})
      bytes_.list([&] { flags->push_back(bytes_.flag()); });
    bytes_.list([&] { artifact.nests.push_back(nest()); });
    bytes_.list([&] {
      const int64_t number = bytes_.number<int64_t>();
      std::optional<ConstantId> constant = references_.constant(bytes_.number<uint64_t>());
      if (!constant || universe_.constants[*constant].kind != ConstantKind::kArray) return bytes_.fail();
      artifact.frozen_arrays.emplace_back(number, *constant);
    });
    read(artifact.nest_words);
    bytes_.list([&] { artifact.nest_kernels.push_back(nest_kernel()); });
    bytes_.list([&] { artifact.host_accesses.push_back(host_access()); });
    check(artifact);
  }

  void read(CompiledKernel& kernel) {
    read(kernel.artifact);
    read(kernel.words);
    read(kernel.arguments);
    kernel.prints = bytes_.flag();
    kernel.use.local_bytes = bytes_.number<uint64_t>();
    kernel.use.largest_array = place();
    bytes_.list([&] { kernel.use.meetings.push_back(place()); });
    kernel.use.float_atomics = bytes_.flag();
    for (NumberOrigin* origin : {&kernel.use.float64, &kernel.use.float16, &kernel.use.wide_atomics}) {
      const bool is_parameter = bytes_.flag();
      const auto parameter = bytes_.number<uint32_t>();
      if (is_parameter) origin->parameter = parameter;
      origin->place = place();
    }
    bytes_.list([&] { read_array(kernel); });
    for (const KernelArgument& argument : kernel.arguments)
      if (argument.parameter >= kernel.artifact.arguments.size()) bytes_.fail();
  }

  bool is_whole() const { return bytes_.at_end(); }

 private:
  void read_array(CompiledKernel& kernel) {
    std::string symbol(bytes_.text());
    std::optional<int64_t> number = codegen::frozen_array_number(symbol);
    for (auto [theirs, ours] : kernel.artifact.frozen_arrays)
      if (theirs == number) {
        kernel.global_arrays.push_back({std::move(symbol), &universe_.constants.frozen(universe_.constants[ours])});
        return;
      }
    bytes_.fail();
  }

  /// What refers to each other by number or by place.
  void check(const Artifact& artifact) {
    for (const std::vector<bool>* flags : {&artifact.written, &artifact.read})
      if (!flags->empty() && flags->size() != artifact.arguments.size()) bytes_.fail();
    if (!artifact.host_accesses.empty() && artifact.host_accesses.size() != artifact.arguments.size()) bytes_.fail();
    for (const NestReport& nest : artifact.nests)
      if (nest.kernel < -1 || nest.kernel >= static_cast<int64_t>(artifact.nest_kernels.size())) bytes_.fail();
  }

  void read(std::vector<uint32_t>& words) {
    const std::span<const std::byte> block = bytes_.block();
    if (block.size() % sizeof(uint32_t) != 0) return bytes_.fail();
    words.resize(block.size() / sizeof(uint32_t));
    std::ranges::copy(block, std::as_writable_bytes(std::span(words)).begin());
  }

  void read(std::vector<KernelArgument>& arguments) {
    bytes_.list([&] {
      KernelArgument& argument = arguments.emplace_back();
      for (uint32_t* part : {&argument.slot, &argument.bytes, &argument.parameter}) *part = bytes_.number<uint32_t>();
      argument.is_data = bytes_.flag();
    });
  }

  NestKernel nest_kernel() {
    NestKernel kernel;
    kernel.entry = bytes_.text();
    kernel.rank = bytes_.number<uint8_t>();
    read(kernel.arguments);
    return kernel;
  }

  std::optional<HostAccess> host_access() {
    if (!bytes_.flag()) return std::nullopt;
    HostAccess access;
    access.place = place();
    access.reason = bytes_.text();
    return access;
  }

  /// One that has to be there.
  TypeId type() {
    const TypeId type = values_.type();
    if (!type) bytes_.fail();
    return type;
  }

  TypeId scalar() {
    const TypeId scalar = type();
    if (!scalar || universe_.types[scalar].kind != types::TypeKind::kScalar) bytes_.fail();
    return scalar;
  }

  ir::SourcePlace place() {
    ir::SourcePlace place;
    if (const uint64_t file = bytes_.number<uint64_t>()) {
      std::optional<support::Symbol> known = references_.file(file - 1);
      if (!known) bytes_.fail();
      place.file = known.value_or(support::Symbol());
    }
    place.function = values_.symbol();
    for (int32_t* part : {&place.range.line, &place.range.end_line, &place.range.column, &place.range.end_column})
      *part = bytes_.number<int32_t>();
    return place;
  }

  ErrorSite site() {
    ErrorSite site{};
    site.kind = bytes_.enumerator(ErrorSite::Kind::kCall);
    site.message.exception = values_.constant();
    bytes_.list([&] {
      const support::Symbol literal = values_.symbol();
      site.message.parts.push_back({.literal = literal, .operand = bytes_.number<int32_t>()});
    });
    bytes_.list([&] { site.value_types.push_back(scalar()); });
    for (const ir::MessagePart& part : site.message.parts)
      if (part.is_value() && (part.operand < 0 || static_cast<size_t>(part.operand) >= site.value_types.size()))
        bytes_.fail();
    if ((site.kind == ErrorSite::Kind::kRaise) != site.message.exception.valid()) bytes_.fail();
    site.place = place();
    return site;
  }

  NestReport nest() {
    NestReport nest;
    nest.place = place();
    nest.is_expression = bytes_.flag();
    nest.kernel = bytes_.number<int32_t>();
    nest.obstacle = bytes_.text();
    nest.obstacle_place = place();
    nest.unfused = bytes_.text();
    return nest;
  }

  const References& references_;
  ir::Universe& universe_;
  ByteReader bytes_;
  ValueReader values_;
};

/// Of an Artifact or a CompiledKernel.
template <class Made>
std::optional<std::vector<std::byte>> write_made(const Made& made, const References& references,
                                                 const ir::Universe& universe) {
  ArtifactWriter writer(references, universe);
  writer.write(made);
  return writer.take();
}

template <class Made>
std::optional<Made> read_made(std::span<const std::byte> bytes, const References& references, ir::Universe& universe) {
  Made made;
  ArtifactReader reader(bytes, references, universe);
  reader.read(made);
  return reader.is_whole() ? std::optional(std::move(made)) : std::nullopt;
}

}  // namespace

std::optional<std::vector<std::byte>> write_artifact(const Artifact& artifact, const References& references,
                                                     const ir::Universe& universe) {
  return write_made(artifact, references, universe);
}

std::optional<Artifact> read_artifact(std::span<const std::byte> bytes, const References& references,
                                      ir::Universe& universe) {
  return read_made<Artifact>(bytes, references, universe);
}

std::optional<std::vector<std::byte>> write_kernel(const CompiledKernel& kernel, const References& references,
                                                   const ir::Universe& universe) {
  return write_made(kernel, references, universe);
}

std::optional<CompiledKernel> read_kernel(std::span<const std::byte> bytes, const References& references,
                                          ir::Universe& universe) {
  return read_made<CompiledKernel>(bytes, references, universe);
}

}  // namespace metate::driver

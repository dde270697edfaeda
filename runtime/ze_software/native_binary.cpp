#include "runtime/ze_software/native_binary.h"

#include <llvm/Support/xxhash.h>

#include "runtime/base/byte_stream.h"
#include "runtime/ze_software/build_id.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/program_builder.h"

namespace metate::ze_software {
namespace {

using base::ByteReader;
using base::ByteWriter;

constexpr char kMagic[8] = {'M', 'E', 'T', 'A', 'T', 'E', 'Z', 'E'};

/// Magic, the checksum of all that follows, and then who made it and for what.
constexpr size_t kPrefixBytes = sizeof(kMagic) + sizeof(uint64_t);

uint64_t checksum(std::span<const std::byte> data) {
  return llvm::xxh3_64bits(llvm::ArrayRef(reinterpret_cast<const uint8_t*>(data.data()), data.size()));
}

void write_kernel(ByteWriter& out, const CompiledKernel& kernel) {
  out.text(kernel.name);
  out.text(kernel.refusal);
  out.text(kernel.attributes);
  out.list(kernel.arguments, [&](const KernelArgument& argument) {
    out.number(argument.kind);
    out.number(argument.offset);
    out.number(argument.size);
  });
  out.number(kernel.argument_bytes);
  out.number(kernel.local_bytes);
  out.number(kernel.bytes_per_item);
  for (uint32_t size : kernel.required_group_size) out.number(size);
  out.number(kernel.required_sub_group_size);
  out.number(kernel.sub_group_size);
  out.number(kernel.grain);
  out.number(kernel.range_unit);
}

CompiledKernel read_kernel(ByteReader& in) {
  CompiledKernel kernel;
  kernel.name = in.text();
  kernel.refusal = in.text();
  kernel.attributes = in.text();
  in.list([&] {
    KernelArgument& argument = kernel.arguments.emplace_back();
    argument.kind = in.enumerator(ArgumentKind::kValue);
    argument.offset = in.number<uint32_t>();
    argument.size = in.number<uint32_t>();
  });
  kernel.argument_bytes = in.number<uint32_t>();
  kernel.local_bytes = in.number<uint32_t>();
  kernel.bytes_per_item = in.number<uint32_t>();
  for (uint32_t& size : kernel.required_group_size) size = in.number<uint32_t>();
  kernel.required_sub_group_size = in.number<uint32_t>();
  kernel.sub_group_size = in.number<uint32_t>();
  kernel.grain = in.number<uint32_t>();
  kernel.range_unit = in.enumerator(RangeUnit::kGroup);
  return kernel;
}

void write_unit(ByteWriter& out, const ProgramUnit& unit) {
  out.block(unit.spirv);
  out.list(unit.constants, [&](const spirv::ConstantBytes& constant) {
    out.number(constant.id);
    out.block(constant.value);
  });
  out.list(unit.exports, [&](const spirv::Export& exported) {
    out.text(exported.name);
    out.number(exported.is_function);
    out.number(exported.may_repeat);
  });
  out.list(unit.imports, [&](const std::string& name) { out.text(name); });
  out.list(unit.exporters, [&](const auto& known) {
    out.text(known.first);
    out.number(known.second.unit);
  });
  out.list(unit.kernels, [&](const CompiledKernel& kernel) { write_kernel(out, kernel); });
  out.list(unit.globals, [&](const ProgramGlobal& global) {
    out.text(global.name);
    out.text(global.symbol);
    out.number(global.size);
  });
}

ProgramUnit read_unit(ByteReader& in) {
  auto copy = [](std::span<const std::byte> bytes) { return std::vector(bytes.begin(), bytes.end()); };
  ProgramUnit unit;
  unit.spirv = copy(in.block());
  in.list([&] {
    const auto id = in.number<uint32_t>();
    unit.constants.push_back({id, copy(in.block())});
  });
  in.list([&] {
    spirv::Export& exported = unit.exports.emplace_back();
    exported.name = in.text();
    exported.is_function = in.flag();
    exported.may_repeat = in.flag();
  });
  in.list([&] { unit.imports.emplace_back(in.text()); });
  in.list([&] {
    const std::string name(in.text());
    unit.exporters[name].unit = in.number<unsigned>();
  });
  in.list([&] { unit.kernels.push_back(read_kernel(in)); });
  in.list([&] {
    ProgramGlobal& global = unit.globals.emplace_back();
    global.name = in.text();
    global.symbol = in.text();
    global.size = in.number<size_t>();
  });
  return unit;
}

std::string cpu_key(Driver& driver) {
  base::Result<jit::Jit*> jit = driver.jit();
  return jit ? (*jit)->cpu().key() : std::string();
}

/// What is behind the checksum; empty, with the reason in the log, when the binary is not one to be read.
std::span<const std::byte> check_prefix(std::span<const std::byte> binary, std::string& log) {
  if (binary.size() < kPrefixBytes || std::memcmp(binary.data(), kMagic, sizeof(kMagic)) != 0) {
    log.append("error: this is no native binary of the Metate driver\n");
    return {};
  }
  uint64_t sum = 0;
  std::memcpy(&sum, binary.data() + sizeof(kMagic), sizeof(sum));
  const std::span<const std::byte> rest = binary.subspan(kPrefixBytes);
  if (sum == checksum(rest)) return rest;
  log.append("error: the native binary is damaged or cut off: its checksum is another one\n");
  return {};
}

/// Reads who made the binary; false, with the reason in the log, when it was not us.
bool is_ours(ByteReader& in, Driver& driver, std::string& log) {
  if (const std::string made_by(in.text()); made_by != build_id()) {
    log.append("error: the native binary is of another build of the driver (" + made_by + ", this is " + build_id() +
               "): build the module again\n");
    return false;
  }
  if (const std::string made_for(in.text()); made_for != cpu_key(driver)) {
    log.append("error: the native binary is for another CPU (" + made_for + ", this is " + cpu_key(driver) + ")\n");
    return false;
  }
  return true;
}

}  // namespace

std::array<uint8_t, 16> native_binary_kind(Driver& driver) {
  std::array<uint8_t, 16> kind{};
  uint64_t sums[2];
  const std::string maker = build_id(), target = cpu_key(driver);
  sums[0] = checksum(std::as_bytes(std::span(maker)));
  sums[1] = checksum(std::as_bytes(std::span(target))) | 1;
  std::memcpy(kind.data(), sums, sizeof(sums));
  return kind;
}

std::vector<std::byte> write_native_binary(const Program& program, std::span<const ProgramUnit> units, Driver& driver) {
  const bool alone = units.size() == program.units().size() && !program.object().empty();
  ByteWriter out;
  out.text(build_id());
  out.text(cpu_key(driver));
  out.number(program.is_optimised());
  out.list(units, [&](const ProgramUnit& unit) { write_unit(out, alone ? unit : source_of(unit)); });
  out.block(alone ? program.object() : std::span<const std::byte>());
  const std::vector<std::byte> rest = out.take();
  std::vector<std::byte> binary(kPrefixBytes);
  const uint64_t sum = checksum(rest);
  std::memcpy(binary.data(), kMagic, sizeof(kMagic));
  std::memcpy(binary.data() + sizeof(kMagic), &sum, sizeof(sum));
  binary.insert(binary.end(), rest.begin(), rest.end());
  return binary;
}

std::shared_ptr<const Program> read_native_binary(std::span<const std::byte> binary, Driver& driver, std::string& log) {
  const std::span<const std::byte> rest = check_prefix(binary, log);
  if (rest.empty()) return nullptr;
  ByteReader in(rest);
  if (!is_ours(in, driver, log)) return nullptr;
  const bool optimised = in.flag();
  std::vector<ProgramUnit> units;
  in.list([&] { units.push_back(read_unit(in)); });
  const std::span<const std::byte> object = in.block();
  if (in.failed() || !in.at_end() || units.empty()) {
    log.append("error: the native binary does not say what it should\n");
    return nullptr;
  }
  if (object.empty()) {
    ProgramBuilder builder(driver, log);
    for (ProgramUnit& unit : units) builder.add(std::move(unit));
    return builder.build(optimised, /*must_link=*/false);
  }
  base::Result<jit::Jit*> jit = driver.jit();
  if (!jit) return nullptr;
  std::shared_ptr<Program> program(new Program);
  program->optimised_ = optimised;
  program->units_ = std::move(units);
  program->object_.assign(object.begin(), object.end());  // where it is aligned as the linker wants it
  base::Result<std::unique_ptr<jit::LinkedCode>> code = (*jit)->link(program->object_, find_runtime_symbol);
  if (!code) {
    log.append("error: ").append(code.error().message).append("\n");
    return nullptr;
  }
  program->bind(std::move(*code));
  return program;
}

}  // namespace metate::ze_software

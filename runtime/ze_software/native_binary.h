// native_binary – programs as bytes that a cache may keep, for this very driver on this very kind of CPU.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/ze_software/program.h"

namespace metate::ze_software {

struct Driver;

/// The units as a binary: with their machine code where that stands alone, else with SPIR-V alone. So a module that was
/// linked with others is as it was before, and is to be linked again.
std::vector<std::byte> write_native_binary(const Program& program, std::span<const ProgramUnit> units, Driver& driver);

/// Stands for the driver and the CPU that a binary must be of; never all zero.
std::array<uint8_t, 16> native_binary_kind(Driver& driver);

/// Null when the binary is none, is damaged, or was made by another driver or for another CPU; the log says which. A
/// checksum finds damage; it does not make a binary safe to run that somebody else has made on purpose.
std::shared_ptr<const Program> read_native_binary(std::span<const std::byte> binary, Driver& driver, std::string& log);

}  // namespace metate::ze_software

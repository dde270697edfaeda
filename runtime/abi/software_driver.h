// software_driver.h – how the host side recognises the driver that lives in its own library.
#pragma once

#include <cstdint>

namespace metate::abi {

/// The UUID in the properties of the software Level Zero driver (a random version-4 UUID, made once).
inline constexpr uint8_t kSoftwareDriverUuid[16] = {0x6d, 0x1f, 0x0e, 0x52, 0x3b, 0x7c, 0x4c, 0x0a,
                                                    0x9a, 0x61, 0x2d, 0x88, 0x51, 0x43, 0xe7, 0x0b};

/// Finds a driver function by its API name; null when the driver does not offer it.
using FindEntryPoint = void* (*)(const char* name);

/// The driver's extension function by which a program gets what it would say on stderr. The text is the handler's
/// during the call alone, which may come from any thread; null gives stderr again.
inline constexpr char kSetMessageHandler[] = "zexMetateSetMessageHandler";
using MessageHandler = void (*)(const char* text);
using SetMessageHandler = void (*)(MessageHandler handler);

}  // namespace metate::abi

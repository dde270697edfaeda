#include "tests/level_zero/device_tree.h"

#include <cstdlib>
#include <sstream>

namespace metate::test {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::unique_ptr<PresentedDevice> device_of(const std::string& description) {
  const size_t dot = description.find('.');
  auto device = std::make_unique<PresentedDevice>();
  device->type = description.substr(0, dot) == "cpu" ? ZE_DEVICE_TYPE_CPU : ZE_DEVICE_TYPE_GPU;
  const int parts = dot == std::string::npos ? 0 : std::atoi(description.c_str() + dot + 1);
  for (int number = 0; number < parts; ++number) {
    auto part = std::make_unique<PresentedDevice>();
    part->type = device->type;
    part->is_part = true;
    device->parts.push_back(std::move(part));
  }
  return device;
}

}  // namespace

DeviceTree::DeviceTree(const std::string& description) {
  for (const std::string& of_driver : split(description, ';')) {
    auto driver = std::make_unique<PresentedDriver>();
    for (const std::string& of_device : split(of_driver, ',')) driver->devices.push_back(device_of(of_device));
    drivers_.push_back(std::move(driver));
  }
}

DeviceTree& DeviceTree::get() {
  static auto* const tree = [] {  // never destroyed: devices are used until the process ends
    const char* description = std::getenv("METATE_TEST_DEVICES");
    return new DeviceTree(description ? description : "");
  }();
  return *tree;
}

PresentedDriver* DeviceTree::find(ze_driver_handle_t handle) const {
  for (const auto& driver : drivers_)
    if (driver->handle() == handle) return driver.get();
  return nullptr;
}

PresentedDevice* DeviceTree::find(ze_device_handle_t handle) const {
  for (PresentedDevice* device : all())
    if (device->handle() == handle) return device;
  return nullptr;
}

std::vector<PresentedDevice*> DeviceTree::all() const {
  std::vector<PresentedDevice*> devices;
  for (const auto& driver : drivers_)
    for (const auto& device : driver->devices) {
      devices.push_back(device.get());
      for (const auto& part : device->parts) devices.push_back(part.get());
    }
  return devices;
}

}  // namespace metate::test

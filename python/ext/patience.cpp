#include "python/ext/patience.h"

#include <algorithm>
#include <thread>

#include "python/ext/ref.h"

namespace metate::ext {

driver::Disk Patience::disk() const {
  if (!cached_) return driver::Disk::kUnused;
  return Clock::now() < end_ ? driver::Disk::kShared : driver::Disk::kImpatient;
}

bool Patience::pause() {
  {
    ReleaseGil released;
    std::this_thread::sleep_for(next_);
  }
  next_ = std::min(next_ * 2, std::chrono::milliseconds(20));
  return PyErr_CheckSignals() == 0;
}

bool warn_of_cache(const std::string& warning) {
  return warning.empty() || PyErr_WarnEx(PyExc_RuntimeWarning, warning.c_str(), 1) == 0;
}

}  // namespace metate::ext

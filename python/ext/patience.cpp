#include "python/ext/patience.h"

#include <algorithm>
#include <thread>

#include "python/ext/text.h"

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

bool warn_of_cache(const std::string& warning) { return warning.empty() || warn(PyExc_RuntimeWarning, warning); }

}  // namespace metate::ext

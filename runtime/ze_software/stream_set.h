// stream_set – the streams of a context, for what has to wait for all work of it.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

namespace metate::ze_software {

class Stream;

/// Safe to use from several threads.
class StreamSet {
 public:
  void add(const std::shared_ptr<Stream>& stream) {
    std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const std::weak_ptr<Stream>& known) { return known.expired(); });
    streams_.push_back(stream);
  }

  /// Those that are still there.
  std::vector<std::shared_ptr<Stream>> all() const {
    std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Stream>> alive;
    for (const std::weak_ptr<Stream>& known : streams_) {
      if (std::shared_ptr<Stream> stream = known.lock()) alive.push_back(std::move(stream));
    }
    return alive;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<Stream>> streams_;
};

}  // namespace metate::ze_software

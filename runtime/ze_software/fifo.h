// fifo – a queue that keeps its memory: pushing to one that is as long as it has been before allocates nothing.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace metate::ze_software {

template <class T>
class Fifo {
 public:
  bool empty() const { return first_ == items_.size(); }

  void push(T&& item) {
    // Half of it is behind the front: then moving the rest there costs no more than what was popped.
    if (items_.size() == items_.capacity() && first_ >= (items_.size() + 1) / 2 && first_ > 0) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    items_.push_back(std::move(item));
  }

  T pop() {
    T item = std::move(items_[first_++]);
    if (empty()) {
      items_.clear();
      first_ = 0;
    }
    return item;
  }

 private:
  std::vector<T> items_;
  size_t first_ = 0;  // those before have been popped
};

}  // namespace metate::ze_software

// look_out – helpers that have just worked look out for more work for a moment before they go: waking a thread that
// sleeps takes longer than many a parallel region.
#pragma once

#include <atomic>
#include <cstdint>

namespace metate::cpu {

/// Work that is given to helpers that look out.
class HandedWork {
 public:
  /// Hands it to as many helpers as look out, `most` at most. Each of them may begin from then on.
  HandedWork(void (*work)(void* argument), void* argument, int most);
  /// Takes it back from helpers that have not begun, and returns when all others have returned.
  ~HandedWork();

  HandedWork(const HandedWork&) = delete;
  HandedWork& operator=(const HandedWork&) = delete;

  /// How many helpers got it.
  int count() const { return count_; }

 private:
  friend void look_out();

  void (*const work_)(void*);
  void* const argument_;
  uint64_t places_ = 0;  // a bit for each helper that got it
  int count_ = 0;
  std::atomic<int> unfinished_ = 0;
};

/// What a helper does with its time: whatever is handed to it, until nothing has come for a while.
void look_out();

/// Of `wanted` helpers that should look out, how many have not been invited yet. The caller sees to it that so many
/// accept_invitation().
int invite_to_look_out(int wanted);

/// As look_out(); it can be invited again then.
void accept_invitation();

}  // namespace metate::cpu

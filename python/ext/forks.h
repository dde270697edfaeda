// forks – a process is forked between compiles and between commands of its queues, never in the middle of one.
#pragma once

namespace metate::ext {

/// From now on `os.fork`, and what uses it, waits for compiles of other threads and for what queues have under way.
/// Else the child would have the session's lock and half of its tables, or half of a kernel's results, but not the
/// threads that work on them. Ctrl-C ends the wait for queues. Raises nanobind::python_error.
void prepare_for_forks();

}  // namespace metate::ext

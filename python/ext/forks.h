// forks – a process is forked between compiles, never in the middle of one.
#pragma once

namespace metate::ext {

/// From now on `os.fork`, and what uses it, waits for compiles of other threads. Else the child would have the
/// session's lock and half of its tables, but not the thread that works on them. Raises nanobind::python_error.
void hold_session_at_forks();

}  // namespace metate::ext

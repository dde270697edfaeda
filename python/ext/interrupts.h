// interrupts – Ctrl-C while compiled code runs without the GIL: what modules compiled ahead of time do about it.
#pragma once

#include "python/module/interrupts.h"

namespace metate::ext {

using module::interrupt_flag;
using module::kNeverInterrupted;
using module::on_interrupt;
using module::prepare_interrupts;
using module::watch_interrupts;

}  // namespace metate::ext

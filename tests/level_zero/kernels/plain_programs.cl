// plain_programs – the programs of plain_programs.def, one number an item: inlined, and called.
#define PROGRAM(name) long name(long x)
#define HELPER static
#include "plain_programs.def"

#define LISTED(name)                                                    \
  kernel void run_##name(global const long* in, global long* out) {     \
    out[get_global_id(0)] = name(in[get_global_id(0)]);                 \
  }
#include "plain_programs.def"

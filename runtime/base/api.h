// api.h – METATE_API marks what libmetate exports to the Python extension; everything else stays inside.
#pragma once

#define METATE_API __attribute__((visibility("default")))

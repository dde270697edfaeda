#include "runtime/standalone/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/abi/standalone.h"

namespace metate::standalone {
namespace {

constexpr size_t kMostDigits = 17;
constexpr size_t kMostNumber = 64;  // characters

double as_double(int64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// Whether the digits are the value's again in its own precision.
bool reads_back(const char* text, double value, char code) {
  if (code == 'd' || code == 'D') return strtod(text, nullptr) == value;
  if (code == 'f' || code == 'F') return strtof(text, nullptr) == static_cast<float>(value);
  return static_cast<double>(static_cast<_Float16>(strtod(text, nullptr))) == value;
}

/// The fewest digits that stand for the value, laid out as repr() does: an exponent below 1e-4 and from 1e16 on.
void add_float(Text& text, double value, char code, bool is_part_of_complex) {
  if (isnan(value)) return text.add("nan");
  if (signbit(value)) text.add('-');
  value = fabs(value);
  if (isinf(value)) return text.add("inf");
  char written[kMostNumber], digits[kMostDigits + 1];
  for (size_t count = 1; count <= kMostDigits; ++count) {
    snprintf(written, sizeof written, "%.*e", static_cast<int>(count) - 1, value);
    if (reads_back(written, value, code)) break;
  }
  size_t count = 0;
  const char* at = written;
  for (; *at != 'e'; ++at)
    if (*at >= '0' && *at <= '9') digits[count++] = *at;  // not the point, whatever the locale writes for it
  const int exponent = atoi(at + 1);
  if (exponent < -4 || exponent >= 16) {
    text.add(digits[0]);
    if (count > 1) text.add('.');
    text.add(digits + 1, count - 1);
    snprintf(written, sizeof written, "e%+03d", exponent);
    return text.add(written);
  }
  if (exponent < 0) {
    text.add("0.");
    for (int i = -1; i > exponent; --i) text.add('0');
    return text.add(digits, count);
  }
  const auto whole = static_cast<size_t>(exponent) + 1;
  for (size_t i = 0; i < whole; ++i) text.add(i < count ? digits[i] : '0');
  if (count > whole) {
    text.add('.');
    text.add(digits + whole, count - whole);
  } else if (!is_part_of_complex) {
    text.add(".0");
  }
}

void add_complex(Text& text, double real, double imaginary, char code) {
  if (real == 0 && !signbit(real)) {
    add_float(text, imaginary, code, true);
    return text.add('j');
  }
  text.add('(');
  add_float(text, real, code, true);
  if (!signbit(imaginary) || isnan(imaginary)) text.add('+');
  add_float(text, imaginary, code, true);
  text.add("j)");
}

void add_number(Text& text, char code, const int64_t*& values) {
  char written[kMostNumber];
  switch (code) {
    case '?':
      text.add(*values++ & 1 ? "True" : "False");
      return;
    case 'e':
    case 'f':
    case 'd':
      return add_float(text, as_double(*values++), code, false);
    case 'F':
    case 'D':
      add_complex(text, as_double(values[0]), as_double(values[1]), code);
      values += 2;
      return;
    case 'B':
    case 'H':
    case 'I':
    case 'L':
      snprintf(written, sizeof written, "%" PRIu64, static_cast<uint64_t>(*values++));
      return text.add(written);
    default:
      snprintf(written, sizeof written, "%" PRId64, *values++);
      return text.add(written);
  }
}

}  // namespace

size_t write_number(char code, const int64_t*& values, char* out, size_t size) {
  Text text(out, size);
  add_number(text, code, values);
  return text.length();
}

size_t write_text(const abi::StandaloneSite& site, const int64_t* values, char* out, size_t size) {
  Text text(out, size);
  for (const char* at = site.message ? site.message : ""; *at; ++at) {
    if (*at == abi::kValueMark) {
      add_number(text, *++at, values);
    } else {
      text.add(*at);
    }
  }
  return text.length();
}

}  // namespace metate::standalone

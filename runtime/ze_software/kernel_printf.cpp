#include "runtime/ze_software/kernel_printf.h"

#include <bit>
#include <cstdio>
#include <string_view>

namespace metate::ze_software {
namespace {

/// One conversion: %[flags][width][.precision][vector][length]letter
struct Conversion {
  std::string flags;  // with width and precision, as C's printf takes them
  uint32_t lanes = 1;
  std::string_view length;
  char letter = '\0';
};

bool is_one_of(char letter, std::string_view letters) { return letters.find(letter) != std::string_view::npos; }

/// Reads behind the '%' and moves `text` on. A letter of '\0' when it is no conversion.
Conversion read_conversion(std::string_view& text) {
  Conversion result;
  size_t at = 0;
  auto next = [&] { return at < text.size() ? text[at] : '\0'; };
  constexpr size_t kLongest = 16;  // no sensible width has more digits
  while (is_one_of(next(), "-+ #0123456789.") && next() && at < kLongest) result.flags.push_back(text[at++]);
  if (next() == 'v') {
    ++at;
    uint32_t lanes = 0;
    while (next() >= '0' && next() <= '9' && lanes < 100) lanes = lanes * 10 + static_cast<uint32_t>(text[at++] - '0');
    if (lanes != 2 && lanes != 3 && lanes != 4 && lanes != 8 && lanes != 16) return result;
    result.lanes = lanes;
  }
  for (std::string_view length : {"hh", "hl", "h", "l"}) {
    if (!text.substr(at).starts_with(length)) continue;
    result.length = length;
    at += length.size();
    break;
  }
  if (is_one_of(next(), "diouxXfFeEgGaAcsp") && next()) result.letter = text[at++];
  text.remove_prefix(at);
  return result;
}

template <class T>
void append(std::string& text, const std::string& format, T value) {
  char buffer[512];
  const int size = std::snprintf(buffer, sizeof(buffer), format.c_str(), value);
  if (size < 0) return;
  if (static_cast<size_t>(size) < sizeof(buffer)) {
    text.append(buffer, static_cast<size_t>(size));
    return;
  }
  std::string longer(static_cast<size_t>(size) + 1, '\0');
  std::snprintf(longer.data(), longer.size(), format.c_str(), value);
  text.append(longer.data(), static_cast<size_t>(size));
}

long long narrowed(std::string_view length, uint64_t slot, bool is_signed) {
  if (length == "hh") return is_signed ? static_cast<int8_t>(slot) : static_cast<uint8_t>(slot);
  if (length == "h") return is_signed ? static_cast<int16_t>(slot) : static_cast<uint16_t>(slot);
  if (length == "l") return static_cast<long long>(slot);
  return is_signed ? static_cast<int32_t>(slot) : static_cast<long long>(static_cast<uint32_t>(slot));
}

void append_slot(std::string& text, const Conversion& conversion, uint64_t slot) {
  const std::string format = "%" + conversion.flags;
  const char letter = conversion.letter;
  if (is_one_of(letter, "di")) {
    append(text, format + "ll" + letter, narrowed(conversion.length, slot, true));
  } else if (is_one_of(letter, "ouxX")) {
    append(text, format + "ll" + letter, narrowed(conversion.length, slot, false));
  } else if (letter == 'c') {
    append(text, format + letter, static_cast<int>(slot));
  } else if (letter == 's') {
    const auto* string = reinterpret_cast<const char*>(slot);
    append(text, format + letter, string ? string : "(null)");
  } else if (letter == 'p') {
    append(text, format + letter, reinterpret_cast<const void*>(slot));
  } else {
    append(text, format + letter, std::bit_cast<double>(slot));
  }
}

}  // namespace

std::string format_kernel_text(const char* format, std::span<const uint64_t> slots) {
  std::string text;
  std::string_view rest = format;
  while (true) {
    const size_t percent = rest.find('%');
    text.append(rest.substr(0, percent));
    if (percent == std::string_view::npos) return text;
    rest.remove_prefix(percent + 1);
    if (rest.starts_with('%')) {
      text.push_back('%');
      rest.remove_prefix(1);
      continue;
    }
    const Conversion conversion = read_conversion(rest);
    if (!conversion.letter) continue;
    for (uint32_t lane = 0; lane < conversion.lanes && !slots.empty(); ++lane, slots = slots.subspan(1)) {
      if (lane) text.push_back(',');
      append_slot(text, conversion, slots.front());
    }
  }
}

int32_t metate_kernel_printf(const char* format, const uint64_t* slots, uint32_t count) {
  if (!format) return -1;
  const std::string text = format_kernel_text(format, {slots, count});
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  return 0;
}

}  // namespace metate::ze_software

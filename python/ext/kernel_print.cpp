#include "python/ext/kernel_print.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "python/ext/errors.h"
#include "python/ext/interpreter.h"
#include "python/ext/text.h"

namespace metate::ext {
namespace {

std::vector<const int64_t*> records_of(const abi::KernelPrints& prints) {
  std::vector<const int64_t*> records;
  const uint32_t end = std::min({prints.used, prints.end, abi::kKernelPrintWords});
  for (uint32_t at = 0; at + abi::kKernelPrintHeader <= end;) {
    records.push_back(&prints.words[at]);
    at += abi::kKernelPrintHeader + static_cast<uint32_t>(prints.words[at + 1] >> 32);
  }
  // Those of one item lie in the order in which it wrote them.
  std::ranges::sort(records, {}, [](const int64_t* record) { return std::pair(record[0], record); });
  return records;
}

bool write_printed(const abi::KernelPrints& prints, const driver::Artifact& code, Interpreter& interpreter) {
  std::string text;
  for (const int64_t* record : records_of(prints)) {
    const auto site = static_cast<int32_t>(record[1]);
    Ref line = message_text(site, record + abi::kKernelPrintHeader, code, interpreter);
    std::optional<std::string> characters = line ? utf8_of(line.get()) : std::nullopt;
    if (!characters) return false;
    text += *characters;
  }
  Ref whole = as_text(text);
  PyObject* out = PySys_GetObject("stdout");
  if (!whole) return false;
  if (out && out != Py_None && PyFile_WriteObject(whole.get(), out, Py_PRINT_RAW) != 0) return false;
  return prints.dropped == 0 ||
         warn("a launch has printed more than there is room for (" + std::to_string(sizeof(prints.words) >> 20) +
              " MiB): " + std::to_string(prints.dropped) + " lines of it are missing");
}

}  // namespace

abi::KernelPrints* prints_behind(abi::KernelErrors& errors) {
  return reinterpret_cast<abi::KernelPrints*>(&errors + 1);
}

void clear(abi::KernelPrints& prints) {
  prints.used = prints.dropped = 0;
  prints.end = UINT32_MAX;
}

void show_printed(const abi::KernelPrints& prints, const driver::Artifact& code) {
  Interpreter* interpreter = prints.used ? Interpreter::get() : nullptr;
  if (!interpreter) return;
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (!write_printed(prints, code, *interpreter)) {
    Ref where = Ref::steal(PyUnicode_FromString("print() in a kernel"));
    PyErr_WriteUnraisable(where.get());
  }
  PyErr_Restore(type, value, traceback);
}

}  // namespace metate::ext

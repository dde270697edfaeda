#include "python/ext/text.h"

namespace metate::ext {

Ref as_text(std::string_view text) {
  const auto size = static_cast<Py_ssize_t>(text.size());
  if (Ref decoded = Ref::steal(PyUnicode_DecodeUTF8(text.data(), size, "surrogatepass"))) return decoded;
  if (!PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) return {};
  PyErr_Clear();
  return Ref::steal(PyUnicode_DecodeUTF8(text.data(), size, "surrogateescape"));
}

std::optional<std::string> utf8_of(PyObject* string) {
  Ref encoded = Ref::steal(PyUnicode_AsEncodedString(string, "utf-8", "surrogatepass"));
  if (!encoded) return std::nullopt;
  return std::string(PyBytes_AS_STRING(encoded.get()), static_cast<size_t>(PyBytes_GET_SIZE(encoded.get())));
}

void set_error(PyObject* type, std::string_view message) {
  if (Ref text = as_text(message)) PyErr_SetObject(type, text.get());
}

bool warn(PyObject* category, std::string_view message) {
  Ref text = as_text(message);
  return text && PyErr_WarnFormat(category, 1, "%U", text.get()) == 0;
}

}  // namespace metate::ext

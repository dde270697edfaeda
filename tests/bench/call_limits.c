// call_limits – the straight-line functions of programs.py as a C extension by hand: what a call cannot cost less than.
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>

static double* data(PyObject* array) {
  if (!PyArray_Check(array) || PyArray_TYPE((PyArrayObject*)array) != NPY_DOUBLE) {
    PyErr_SetString(PyExc_TypeError, "expected an array of float64");
    return NULL;
  }
  return PyArray_DATA((PyArrayObject*)array);
}

static PyObject* add_two(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  long long a = PyLong_AsLongLong(args[0]), b = PyLong_AsLongLong(args[1]);
  if (PyErr_Occurred()) return NULL;
  return PyLong_FromLongLong(a + b);
}

static PyObject* first_of(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  double* a = data(args[0]);
  return a ? PyFloat_FromDouble(a[0]) : NULL;
}

static PyObject* six_arguments(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  double *a = data(args[0]), *b = data(args[1]), *c = data(args[2]);
  if (!a || !b || !c) return NULL;
  double x = PyFloat_AsDouble(args[3]), y = PyFloat_AsDouble(args[4]), z = PyFloat_AsDouble(args[5]);
  if (PyErr_Occurred()) return NULL;
  c[0] = a[0] * x + b[0] * y + z;
  Py_RETURN_NONE;
}

static PyObject* tuple_total(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  if (!PyTuple_Check(args[0]) || PyTuple_GET_SIZE(args[0]) != 2) Py_RETURN_NONE;
  return add_two(self, ((PyTupleObject*)args[0])->ob_item, 2);
}

#define METHOD(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}
static PyMethodDef methods[] = {METHOD(add_two), METHOD(first_of), METHOD(six_arguments), METHOD(tuple_total), {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "call_limits", NULL, -1, methods, 0, 0, 0, 0};

PyMODINIT_FUNC PyInit_call_limits(void) {
  import_array();
  return PyModule_Create(&module);
}

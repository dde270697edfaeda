"""The operators and methods of device arrays, of the functions that do the work."""

import numpy as np

from . import creation, elementwise, indexing, interchange, linear_algebra, manipulation, namespace, printing
from .array import DeviceArray

_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide, "floordiv": np.floor_divide,
    "mod": np.remainder, "pow": np.power, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
    "lshift": np.left_shift, "rshift": np.right_shift,
}
_COMPARISONS = {"eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater,
                "ge": np.greater_equal}
_UNARY = {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}
_OPERANDS = (DeviceArray, np.generic, np.ndarray, int, float, complex)


def _operator(ufunc, reflected=False):
    def binary(self, other):
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        return elementwise.call(ufunc, self, other)

    def binary_reflected(self, other):
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        return elementwise.call(ufunc, other, self)

    return elementwise.operator_of(ufunc, binary_reflected if reflected else binary, reflected)


def _in_place(ufunc):
    def binary_in_place(self, other):
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        return elementwise.call(ufunc, self, other, out=self)

    return binary_in_place


def _unary(ufunc):
    return elementwise.operator_of(ufunc, lambda self: elementwise.call(ufunc, self))


for _name, _ufunc in _BINARY.items():
    setattr(DeviceArray, f"__{_name}__", _operator(_ufunc))
    setattr(DeviceArray, f"__r{_name}__", _operator(_ufunc, reflected=True))
    setattr(DeviceArray, f"__i{_name}__", _in_place(_ufunc))
for _name, _ufunc in _COMPARISONS.items():
    setattr(DeviceArray, f"__{_name}__", _operator(_ufunc))
for _name, _ufunc in _UNARY.items():
    setattr(DeviceArray, f"__{_name}__", _unary(_ufunc))


def _matmul(self, other):
    return linear_algebra.matmul(self, other) if isinstance(other, (DeviceArray, np.ndarray)) else NotImplemented


def _matmul_reflected(self, other):
    return linear_algebra.matmul(other, self) if isinstance(other, np.ndarray) else NotImplemented


def _matmul_in_place(self, other):
    elementwise.assign(self, linear_algebra.matmul(self, other))
    return self


def _reshape(self, *shape, order="C", copy=None):
    """The elements in another shape: a view where the layout allows it and `copy` is not True."""
    return manipulation.reshape(self, shape[0] if len(shape) == 1 else shape, order=order, copy=copy)


def _copy(self):
    """A copy, in C's order."""
    return elementwise.astype(self, self.dtype)


def _astype(self, dtype, *, copy=True):
    """The elements as numbers of `dtype`."""
    return elementwise.astype(self, dtype, copy)


def _tolist(self):
    """The elements as nested lists of Python numbers."""
    return creation.asnumpy(self).tolist()


def _real(self):
    """The real parts, a view."""
    return self._view(self._layout.real)


def _imag(self):
    """The imaginary parts: a view of complex numbers', new zeros for others."""
    return self._view(self._layout.imag) if self.dtype.kind == "c" else creation.zeros_like(self)


def _asnumpy(self):
    """As `metate.asnumpy`."""
    return creation.asnumpy(self)


def _namespace(self, *, api_version=None):
    """The functions of the Python array API standard, for device arrays."""
    if api_version not in (None, *namespace.VERSIONS):
        raise ValueError(f"of the array API standard there are the versions {', '.join(namespace.VERSIONS)}, "
                         f"not {api_version!r}")
    return namespace


def _repr(self):
    text = printing.listed(self, "metate.asarray(")
    return f"metate.asarray({text}, dtype={self.dtype}, device={self.sycl_device._label!r})"


def _str(self):
    return printing.text_of(self)


def _reduce(self):
    return _rebuild, (creation.asnumpy(self), self.usm_type)


def _rebuild(values, usm_type):
    return creation.asarray(values, usm_type=usm_type)


DeviceArray.__getitem__ = indexing.get
DeviceArray.__setitem__ = indexing.set
DeviceArray.__array_ufunc__ = elementwise.of_numpy
DeviceArray.__repr__, DeviceArray.__str__, DeviceArray.__reduce__ = _repr, _str, _reduce
DeviceArray.to_device = creation.to_device
DeviceArray.reshape, DeviceArray.astype, DeviceArray.copy, DeviceArray.tolist = _reshape, _astype, _copy, _tolist
DeviceArray.asnumpy, DeviceArray.real, DeviceArray.imag = _asnumpy, property(_real), property(_imag)
DeviceArray.__matmul__, DeviceArray.__rmatmul__, DeviceArray.__imatmul__ = _matmul, _matmul_reflected, _matmul_in_place
DeviceArray.__array_namespace__ = _namespace
DeviceArray.__dlpack__, DeviceArray.__dlpack_device__ = interchange.dlpack, interchange.dlpack_device

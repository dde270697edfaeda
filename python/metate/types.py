"""Types, for signatures: ``float64(float64, int32)``, ``void(float32[:, ::1])``, ``UniTuple(int64, 2)``.

`int64`, `float64`, `complex128` and `boolean` stand for Python's own numbers as well as NumPy's of that size; the names
and spellings are Numba's.
"""

import builtins

import numpy as _np

from . import _metate

__all__ = [
    "Array", "CPointer", "ItemType", "LocalAccessorType", "NdItemType", "Number", "Signature", "Tuple", "Type",
    "UniTuple", "WrapperAddressProtocol", "b1", "bool_", "boolean", "byte", "c16", "c8", "char", "complex128",
    "complex64", "double", "f2", "f4", "f8", "float16", "float32", "float64", "float_", "i1", "i2", "i4", "i8",
    "int16", "int32", "int64", "int8", "int_", "intc", "intp", "long_", "longlong", "none", "short", "size_t",
    "ssize_t", "u1", "u2", "u4", "u8", "uchar", "uint", "uint16", "uint32", "uint64", "uint8", "uintc", "uintp",
    "ulong", "ulonglong", "ushort", "void", "voidptr",
]


class Type:
    """What a value of compiled code is. `ir` is the type's text in Metate's own IR."""

    def __init__(self, name, ir):
        self.name = name
        self.ir = ir

    def __repr__(self):
        return self.name

    def __eq__(self, other):
        return isinstance(other, Type) and self.name == other.name

    def __hash__(self):
        return hash(self.name)

    def __call__(self, *arguments):
        """The signature of a function with this result: ``float64(float64, float64)``."""
        return Signature(self, arguments)


class Number(Type):
    """A number. ``float64[:, :]`` is an array of it, ``float64[:, ::1]`` one in C order, ``float64[::1, :]`` in Fortran's."""

    def __init__(self, name, code, python=None):
        super().__init__(name, f"weak_{python}" if python else code)
        self.element = code  # as it lies in arrays
        self.dtype = _np.dtype(name if name != "boolean" else builtins.bool)

    def __getitem__(self, axes):
        axes = axes if isinstance(axes, tuple) else (axes,)
        if not all(isinstance(axis, slice) and axis.start is None and axis.stop is None for axis in axes):
            raise TypeError(f"an array type is written with one slice an axis, such as {self}[:, :] or {self}[:, ::1]")
        steps = [axis.step for axis in axes]
        if all(step is None for step in steps):
            return Array(self, len(axes), "A")
        if steps[-1] == 1 and all(step is None for step in steps[:-1]):
            return Array(self, len(axes), "C")
        if steps[0] == 1 and all(step is None for step in steps[1:]):
            return Array(self, len(axes), "F")
        raise TypeError(f"::1 can stand on the last axis (C order) or the first (Fortran order) of {self}[…]")

    def __call__(self, *arguments):
        # float32(x) of a value is the number, as with NumPy's types.
        if len(arguments) == 1 and not isinstance(arguments[0], Type):
            return self.dtype.type(arguments[0])
        return super().__call__(*arguments)


class Array(Type):
    """An array of `ndim` dimensions; `layout` is "C", "F" or "A" (any strides)."""

    def __init__(self, dtype, ndim, layout, readonly=False):
        if not isinstance(dtype, Number):
            raise TypeError(f"an array holds numbers, not {dtype!r}")
        if layout not in ("C", "F", "A"):
            raise ValueError(f"a layout is 'C', 'F' or 'A', not {layout!r}")
        axes = [":"] * ndim
        if layout != "A" and ndim:
            axes[-1 if layout == "C" else 0] = "::1"
        spelled = f"{dtype}[{', '.join(axes)}]" if ndim else f"Array({dtype}, 0, 'C')"
        super().__init__(f"Array({dtype}, {ndim}, '{layout}', readonly=True)" if readonly else spelled,
                         f"array<{dtype.element},{ndim},{layout}{',readonly' if readonly else ''}>")
        self.dtype, self.ndim, self.layout, self.mutable = dtype, ndim, layout, not readonly


class Tuple(Type):
    """A tuple of these types."""

    def __init__(self, types):
        self.types = tuple(types)
        _check_types(self.types)
        super().__init__(f"Tuple(({''.join(f'{t}, ' for t in self.types).rstrip()}))",
                         f"tuple<{','.join(t.ir for t in self.types)}>")


def UniTuple(dtype, count):
    """A tuple of `count` elements of one type."""
    return Tuple((dtype,) * count)


class ItemType(Type):
    """An `Item` as first parameter of a kernel that is launched over a `Range` of `ndim` dimensions."""

    kind = "item"  # as the IR calls it

    def __init__(self, ndim):
        if ndim not in (1, 2, 3):
            raise TypeError(f"{type(self).__name__} has 1 to 3 dimensions, not {ndim!r}")
        super().__init__(f"{type(self).__name__}({ndim})", f"{self.kind}<{ndim}>")
        self.ndim = ndim


class NdItemType(ItemType):
    """An `NdItem` as first parameter of a kernel that is launched over an `NdRange` of `ndim` dimensions."""

    kind = "nd_item"


class LocalAccessorType(Type):
    """What a `LocalAccessor` is in a kernel."""

    def __init__(self, ndim, dtype):
        if not isinstance(dtype, Number):
            raise TypeError(f"a LocalAccessor holds numbers, not {dtype!r}")
        super().__init__(f"LocalAccessorType({ndim}, {dtype})", f"array<{dtype.element},{ndim},C,group>")
        self.ndim, self.dtype = ndim, dtype


class CPointer(Type):
    """The address of numbers, in signatures of `cfunc`, of C functions, and of compiled functions and kernels that take a
    contiguous array's. ``p[i]`` is the number that is `i` places further; nobody knows where they end.
    """

    def __init__(self, dtype):
        if not isinstance(dtype, Number) and dtype != void:
            raise TypeError(f"a pointer points to numbers or is CPointer(void), not to {dtype!r}")
        super().__init__(f"CPointer({dtype})", "weak_int" if dtype == void else f"array<{dtype.element},0,C,pointer>")
        self.dtype = dtype


class WrapperAddressProtocol:
    """A C function that compiled code calls by its address, which any library may give: a subclass says where it is and
    what it takes, and its instances are called.

    >>> class Cosine(types.WrapperAddressProtocol):
    ...     def __wrapper_address__(self):
    ...         return address  # an int
    ...     def signature(self):
    ...         return types.float64(types.float64)
    """

    def __wrapper_address__(self):
        """The address, an int. It is asked for once, when a function that calls it is compiled."""
        raise NotImplementedError

    def signature(self):
        """The `Signature`, or a string that spells it, with the result type."""
        raise NotImplementedError


class Signature:
    """The types of a function's arguments and, unless it is None, of its result."""

    def __init__(self, return_type, args):
        self.return_type, self.args = return_type, tuple(args)
        _check_types(self.args + (() if return_type is None else (return_type,)))

    def __repr__(self):
        arguments = f"({', '.join(map(str, self.args))})"
        return arguments if self.return_type is None else f"{arguments} -> {self.return_type}"

    def __eq__(self, other):
        return (isinstance(other, Signature) and self.args == other.args
                and self.return_type == other.return_type)

    def __hash__(self):
        return hash((self.return_type, self.args))


def _check_types(types):
    for given in types:
        if not isinstance(given, Type):
            raise TypeError(f"a signature is made of types such as float64 and int32[:], not of {given!r}")


boolean = bool_ = b1 = Number("boolean", "bool", "bool")
int8 = i1 = char = Number("int8", "i8")
int16 = i2 = short = Number("int16", "i16")
int32 = i4 = intc = Number("int32", "i32")
int64 = i8 = intp = int_ = long_ = longlong = ssize_t = Number("int64", "i64", "int")
uint8 = u1 = byte = uchar = Number("uint8", "u8")
uint16 = u2 = ushort = Number("uint16", "u16")
uint32 = u4 = uintc = Number("uint32", "u32")
uint64 = u8 = uintp = uint = ulong = ulonglong = size_t = Number("uint64", "u64")
float16 = f2 = Number("float16", "f16")
float32 = f4 = Number("float32", "f32")
float64 = f8 = float_ = double = Number("float64", "f64", "float")
complex64 = c8 = Number("complex64", "c64")
complex128 = c16 = Number("complex128", "c128", "complex")
void = none = Type("none", "const[None]")
#: What C functions hand on without looking at it.
voidptr = CPointer(void)

_BY_CODE = {t.element: t for t in (boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32,
                                   float64, complex64, complex128)}
_BY_IR = {t.ir: t for t in _BY_CODE.values()} | _BY_CODE | {void.ir: void}
_BY_DTYPE = {t.dtype: t for t in _BY_CODE.values()}


def parse_signature(given):
    """A `Signature` out of one, a string that spells one, or a tuple of argument types."""
    if isinstance(given, Signature):
        return given
    if isinstance(given, tuple):
        return Signature(None, given)
    if not isinstance(given, str):
        raise TypeError(f"a signature is a string such as \"float64(float64, float64)\", a call of types or a tuple "
                        f"of types, not {given!r}")
    try:
        read = eval(given, {"__builtins__": {}}, _NAMES)
    except Exception as error:  # whatever is wrong with the text
        raise TypeError(f"MT6002: cannot read the signature {given!r}: {error}") from None
    if isinstance(read, Type):
        raise TypeError(f"MT6002: cannot read the signature {given!r}: it is the type {read}, without arguments in ()")
    return parse_signature(read)


def is_signature(given):
    """Whether it stands for one signature, or several in a list."""
    return isinstance(given, (str, tuple, list, Signature, Type))


def parse_signatures(given):
    """A list of `Signature` out of one signature or a list of them."""
    return [parse_signature(one) for one in (given if isinstance(given, list) else [given])]


def from_ir(text):
    """The type that Metate's IR writes as `text`; types without a name here keep that text as their name."""
    if text in _BY_IR:
        return _BY_IR[text]
    if text.startswith("array<"):
        code, ndim, layout, *more = text[6:-1].split(",")
        if "pointer" in more:
            return CPointer(_BY_CODE[code])
        if "group" in more:
            return LocalAccessorType(int(ndim), _BY_CODE[code])
        return Array(_BY_CODE[code], int(ndim), layout, "readonly" in more)
    for item in ItemType, NdItemType:
        if text.startswith(item.kind + "<"):
            return item(int(text[len(item.kind) + 1:-1]))
    if text.startswith("tuple<"):
        return Tuple(map(from_ir, _split(text[6:-1])))
    return Type(text, text)


def _split(text):
    """The parts between commas that stand in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<[(") - (character in ">])")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts if text else []


def typeof(value):
    """The type of an argument of a compiled function."""
    return from_ir(_metate.type_text(value))


def from_dtype(dtype):
    """The number type of a NumPy dtype."""
    try:
        return _BY_DTYPE[_np.dtype(dtype)]
    except KeyError:
        raise TypeError(f"compiled code has no numbers of dtype {_np.dtype(dtype)}") from None


def as_dtype(number):
    """The NumPy dtype of a number type."""
    if not isinstance(number, Number):
        raise TypeError(f"{number!r} is no number type")
    return number.dtype


_NAMES = {name: globals()[name] for name in __all__}

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

class Type:
    name: str
    ir: str
    def __init__(self, name: str, ir: str) -> None: ...
    def __call__(self, *arguments: Type) -> Signature: ...

class Number(Type):
    dtype: np.dtype[Any]
    element: str
    def __init__(self, name: str, code: str, python: str | None = None) -> None: ...
    def __getitem__(self, axes: slice | tuple[slice, ...]) -> Array: ...
    def __call__(self, *arguments: Any) -> Any: ...

class Array(Type):
    dtype: Number
    ndim: int
    layout: Literal["C", "F", "A"]
    mutable: bool
    def __init__(self, dtype: Number, ndim: int, layout: Literal["C", "F", "A"], readonly: bool = False) -> None: ...

class Tuple(Type):
    types: tuple[Type, ...]
    def __init__(self, types: Iterable[Type]) -> None: ...

class ItemType(Type):
    kind: str
    ndim: int
    def __init__(self, ndim: int) -> None: ...

class NdItemType(ItemType): ...

class LocalAccessorType(Type):
    dtype: Number
    ndim: int
    def __init__(self, ndim: int, dtype: Number) -> None: ...

class CPointer(Type):
    dtype: Type
    def __init__(self, dtype: Type) -> None: ...

class WrapperAddressProtocol:
    def __wrapper_address__(self) -> int: ...
    def signature(self) -> Signature | str: ...

class Signature:
    return_type: Type | None
    args: tuple[Type, ...]
    def __init__(self, return_type: Type | None, args: Iterable[Type]) -> None: ...

def UniTuple(dtype: Type, count: int) -> Tuple: ...
def parse_signature(given: str | Signature | tuple[Type, ...]) -> Signature: ...
def parse_signatures(given: Any) -> list[Signature]: ...
def is_signature(given: object) -> bool: ...
def from_ir(text: str) -> Type: ...
def typeof(value: object) -> Type: ...
def from_dtype(dtype: npt.DTypeLike) -> Number: ...
def as_dtype(number: Number) -> np.dtype[Any]: ...

boolean: Number
bool_: Number
b1: Number
int8: Number
i1: Number
char: Number
int16: Number
i2: Number
short: Number
int32: Number
i4: Number
intc: Number
int64: Number
i8: Number
intp: Number
int_: Number
long_: Number
longlong: Number
ssize_t: Number
uint8: Number
u1: Number
byte: Number
uchar: Number
uint16: Number
u2: Number
ushort: Number
uint32: Number
u4: Number
uintc: Number
uint64: Number
u8: Number
uintp: Number
uint: Number
ulong: Number
ulonglong: Number
size_t: Number
float16: Number
f2: Number
float32: Number
f4: Number
float64: Number
f8: Number
float_: Number
double: Number
complex64: Number
c8: Number
complex128: Number
c16: Number
void: Type
voidptr: CPointer
none: Type

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from .types import Signature

_P = ParamSpec("_P")
_R = TypeVar("_R")

class CFunc(Generic[_P, _R]):
    __name__: str
    __metate_dispatcher__: Any
    py_func: Callable[_P, _R]
    address: int
    native_name: str
    def __init__(self, function: Callable[_P, _R], signature: Signature, options: dict[str, Any]) -> None: ...
    @property
    def ctypes(self) -> Any: ...
    @property
    def cffi(self) -> Any: ...
    def __call__(self, *arguments: _P.args, **keywords: _P.kwargs) -> _R: ...
    def inspect_llvm(self) -> str: ...

def cfunc(signature: str | Signature, /, **options: Any) -> Callable[[Callable[_P, _R]], CFunc[_P, _R]]: ...
def carray(ptr: Any, shape: int | tuple[int, ...], dtype: npt.DTypeLike | None = None) -> np.ndarray[Any, Any]: ...
def farray(ptr: Any, shape: int | tuple[int, ...], dtype: npt.DTypeLike | None = None) -> np.ndarray[Any, Any]: ...

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, ParamSpec, SupportsIndex, TypeVar, overload

from ._metate import Dispatcher
from .types import Signature, Type

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Signature = str | Signature | tuple[Type, ...]

@overload
def njit(function: Callable[_P, _R], /, **options: Any) -> Dispatcher[_P, _R]: ...
@overload
def njit(
    function: _Signature | list[_Signature] | None = None,
    /,
    *,
    parallel: bool | Mapping[str, bool] = ...,
    fastmath: bool | Collection[str] = ...,
    boundscheck: bool | None = ...,
    error_model: Literal["python", "numpy"] = ...,
    nogil: bool = ...,
    inline: Literal["never", "always"] = ...,
    cache: bool = ...,
    debug: bool = ...,
    nopython: Literal[True] = ...,
    forceobj: Literal[False] = ...,
    **options: Any,
) -> Callable[[Callable[_P, _R]], Dispatcher[_P, _R]]: ...
@overload
def jit(function: Callable[_P, _R], /, **options: Any) -> Dispatcher[_P, _R]: ...
@overload
def jit(
    function: _Signature | list[_Signature] | None = None, /, **options: Any
) -> Callable[[Callable[_P, _R]], Dispatcher[_P, _R]]: ...

def is_jit_disabled() -> bool: ...
def jit_module(**options: Any) -> None: ...

@overload
def dpjit(function: Callable[_P, _R], /, **options: Any) -> Dispatcher[_P, _R]: ...
@overload
def dpjit(
    function: _Signature | list[_Signature] | None = None, /, **options: Any
) -> Callable[[Callable[_P, _R]], Dispatcher[_P, _R]]: ...

@overload
def prange(stop: SupportsIndex, /) -> range: ...
@overload
def prange(start: SupportsIndex, stop: SupportsIndex, step: SupportsIndex = ..., /) -> range: ...

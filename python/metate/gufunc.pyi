from collections.abc import Callable
from typing import Any, Literal

from .reports import Report
from .types import Signature, Type

class GUfunc:
    __name__: str
    __metate_dispatcher__: Any
    py_func: Callable[..., None]
    nin: int
    nout: int
    nargs: int
    signature: str
    def __init__(
        self, function: Callable[..., None], signatures: list[Signature], layout: str, target: str,
        writable_args: tuple[int | str, ...], options: dict[str, Any],
    ) -> None: ...
    @property
    def types(self) -> list[str]: ...
    def __call__(self, *args: Any, out: Any = None, **kwargs: Any) -> Any: ...
    def inspect_ir(self) -> dict[tuple[Type, ...], str]: ...
    def inspect_llvm(self) -> dict[tuple[Type, ...], str]: ...
    def report(self, signature: str | Signature | tuple[Type, ...] | None = None) -> Report: ...

def guvectorize(
    *arguments: Any, target: Literal["cpu", "parallel"] = "cpu", writable_args: tuple[int | str, ...] = (),
    identity: Any = None, **options: Any,
) -> Callable[[Callable[..., None]], GUfunc]: ...
def parse_layout(layout: str) -> tuple[list[list[str]], list[list[str]]]: ...

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from types import ModuleType
from typing import Any, Literal, TypedDict, TypeVar

from ..types import Signature

_F = TypeVar("_F")

class _Made(TypedDict):
    files: list[str]
    exports: list[Any]
    link_with: list[str]

KINDS: tuple[str, ...]

def load(path: str) -> ModuleType: ...
def compile_ahead(
    source: ModuleType | Mapping[str, Any] | str | PathLike[str], out: str | PathLike[str],
    emit: Literal["extension", "shared", "static", "object", "spirv", "llvm", "asm"] = "shared", exports: Sequence[str] = (),
    target_cpu: str = "native", header: str | None = None, spirv_version: int = 2,
    reproducible: bool = False,
) -> _Made: ...
def export(name: str, signature: str | Signature) -> Callable[[_F], _F]: ...

"""The functions that make arrays, as dpctl.tensor and dpnp spell their parameters."""

import functools

import numpy as np

from . import drop_in_tensor
from .device_array import creation, interchange

#: Parameters that stand behind the others there, and need no name.
_MORE_PARAMETERS = {"arange": "stop step dtype", "asarray": "dtype", "eye": "n_cols k dtype", "full": "fill_value dtype",
                    "full_like": "fill_value dtype", "linspace": "stop num dtype"}
_DEFAULTS = {"linspace": {"num": 50}}
_NAMES = "arange asarray empty empty_like eye full full_like linspace ones ones_like zeros zeros_like"


def _options(name, arguments, options):
    """Arguments behind the first by their names, what is not given as it is there, and the queue under Metate's name."""
    names = _MORE_PARAMETERS.get(name, "dtype").split()
    if len(arguments) > len(names) + 1:
        raise TypeError(f"{name}() takes {len(names) + 1} arguments without names, but {len(arguments)} were given")
    given = _DEFAULTS.get(name, {}) | dict(zip(names, arguments[1:])) | options
    if (queue := given.pop("sycl_queue", None)) is not None:
        given["queue"] = queue
    for there, here in (("sh", "shape"), ("N", "n_rows"), ("M", "n_cols")):
        if there in given:
            given[here] = given.pop(there)
    return given


def _shaped_like(name, x, shape, options):
    """An array of another shape, which takes everything else from `x` that is not given."""
    if "device" not in options:
        options.setdefault("queue", x.queue)
    if options.get("dtype") is None:
        options["dtype"] = x.dtype
    options["usm_type"] = options.get("usm_type") or x.usm_type
    return getattr(creation, name.removesuffix("_like"))(shape, **options)


def with_sycl_queue(function):
    """A creation function that calls its queue `sycl_queue`, and takes the `order` of the elements."""
    name = function.__name__

    @functools.wraps(function)
    def create(*arguments, order=None, **options):
        given = _options(name, arguments, options)
        shape = given.pop("shape", None) if name.endswith("_like") else None
        if shape is not None:
            made = _shaped_like(name, arguments[0], shape, given)
        else:
            made = _made(function, name, arguments[:1], given)
        return drop_in_tensor.in_order(name, order, made)

    create.__metate_compiled_as__ = getattr(np, name)
    return create


def _made(function, name, first, given):
    """The call, whose parameters without names are those that the function of this name has."""
    if name == "arange":
        given.pop("start", None)
        stop, step = given.pop("stop", None), given.pop("step", None)
        return function(*first, stop, 1 if step is None else step, **given)
    if name == "linspace":
        return function(*first, given.pop("stop"), given.pop("num"), **given)
    if name == "eye":
        rows = first[0] if first else given.pop("n_rows")
        return function(rows, given.pop("n_cols", None), **given)
    return function(*first, **given)


def functions():
    """All of them, by name."""
    made = {name: with_sycl_queue(getattr(creation, name)) for name in _NAMES.split()}
    return made | {"asnumpy": creation.asnumpy, "from_dlpack": interchange.from_dlpack}

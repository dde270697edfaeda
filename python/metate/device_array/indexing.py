"""Elements of device arrays by slices, numbers, arrays of indices and masks."""

import functools
import operator

import numpy as np

from ..device_functions import device_func
from ..kernel_language import get_global_id
from ..kernels import kernel
from . import creation, elementwise, layout, selection
from .array import DeviceArray, empty_on
from .element_kernels import launch


def get(array, key):
    """`array[key]`: a view, unless there are arrays of indices or masks in `key`."""
    keys = key if isinstance(key, tuple) else (key,)
    if not any(map(_is_advanced, keys)):
        basic = tuple(_basic(array, each) for each in keys)
        return array._view(array._layout[basic if _has_ellipsis(keys) else (*basic, ...)])
    place = _Places(array, keys)
    return place.gather()


def set(array, key, value):  # noqa: A001 – the other half of `get`
    """`array[key] = value`, a device array or a number that is broadcast."""
    if not array._layout.flags.writeable:
        raise ValueError("assignment destination is read-only")
    value = _value(array, value)
    keys = key if isinstance(key, tuple) else (key,)
    if not any(map(_is_advanced, keys)):
        elementwise.assign(get(array, keys), value)
        return
    if len(keys) == 1 and _is_mask(keys[0]) and np.ndim(value) == 0:
        mask = creation.beside(array, keys[0])
        _check_mask(mask.shape, array.shape)
        if not mask.size:
            return
        if isinstance(value, np.generic):
            value = np.asarray(value).astype(array.dtype)[()]
        mask = mask._view(mask._layout.reshape(mask.shape + (1,) * (array.ndim - mask.ndim)))
        elementwise.apply(selection.choose, [mask, value, array], array.dtype, out=array)
        return
    _Places(array, keys).scatter(value)


def _value(array, value):
    if isinstance(value, DeviceArray):
        if value.queue is not array.queue:
            elementwise.common_queue([array, value])
        return value if value.dtype == array.dtype else elementwise.astype(value, array.dtype)
    if isinstance(value, np.ndarray) and value.ndim:
        elementwise.refuse_host(value)
    if isinstance(value, (list, tuple)):
        return creation.beside(array, value, array.dtype)
    value = np.asarray(value)[()] if isinstance(value, np.generic) else value
    return np.array(value).astype(array.dtype)[()] if isinstance(value, np.generic) else np.array(value, array.dtype)[()]


def _has_ellipsis(keys):
    return any(each is Ellipsis for each in keys)


def _is_mask(key):
    return isinstance(key, (bool, np.bool)) or (isinstance(key, (DeviceArray, np.ndarray)) and key.dtype == bool)


def _is_advanced(key):
    if isinstance(key, (DeviceArray, np.ndarray)):
        return key.ndim > 0 or key.dtype == bool
    return isinstance(key, (list, bool, np.bool))


def _basic(array, key):
    if key is None or key is Ellipsis:
        return key
    if isinstance(key, slice):
        return slice(*(None if part is None else _number(array, part) for part in (key.start, key.stop, key.step)))
    return _number(array, key)


def _number(array, key):
    """An index as a Python number. One that lies on a device is read, and has to be on the array's queue."""
    if isinstance(key, DeviceArray):
        elementwise.common_queue((array, key))
    try:
        return operator.index(key)
    except TypeError:
        raise IndexError("only integers, slices (`:`), ellipsis (`...`), None and integer or boolean arrays are valid "
                         "indices") from None


def _check_mask(mask, shape):
    for axis, (extent, of_array) in enumerate(zip(mask, shape)):
        if extent not in (of_array, 0):  # the standard lets masks be empty along any axis
            raise IndexError(f"boolean index did not match indexed array along axis {axis}; size of axis is {of_array} but "
                             f"size of corresponding boolean axis is {extent}")
    if len(mask) > len(shape):
        raise IndexError(f"too many indices for array: array is {len(shape)}-dimensional, but {len(mask)} were indexed")


@device_func
def _step(index, extent, stride):
    """How far the element of that index lies from the first one."""
    if index < -extent or index >= extent:
        raise IndexError("index of a device array is out of range")
    return (index + extent if index < 0 else index) * stride


@functools.cache
def _kernels():
    @kernel(boundscheck=False)
    def gather(row, places, out):
        i = get_global_id(0)
        out[i] = row[places[i]]

    @kernel(boundscheck=False)
    def scatter(row, places, values):
        i = get_global_id(0)
        row[places[i]] = values[i]

    return gather, scatter


class _Places:
    """Where the elements of `array[keys]` lie: places in a row of memory, as an array of the result's shape."""

    def __init__(self, array, keys):
        self._array = array
        self._basic = []      # the index that leaves the axes whole which arrays index
        self._indices = []    # pairs of an axis of what `_basic` gives and its array
        self._axes = 0        # of what `_basic` gives, so far
        self._kinds = ""      # "a" for what NumPy counts among the arrays
        self._before = None   # how many axes there are before the first of those
        self._expand(keys)
        view = array._layout[(*self._basic, ...)]
        self._row, first = layout.extent_of(view) if view.size else (view.reshape(-1), 0)
        self._places = self._of(view, first)

    def _expand(self, keys):
        keys = [creation.beside(self._array, each) if _is_advanced(each) else _basic(self._array, each) for each in keys]
        if sum(each is Ellipsis for each in keys) > 1:
            raise IndexError("an index can only have a single ellipsis ('...')")
        shape = self._array.shape
        missing = len(shape) - sum(_axes_of(each) for each in keys)
        if missing < 0:
            raise IndexError(f"too many indices for array: array is {len(shape)}-dimensional, but "
                             f"{len(shape) - missing} were indexed")
        axis = 0
        for key in keys:
            if key is Ellipsis:
                for _ in range(missing):
                    self._append(slice(None), ".")
                axis += missing
                continue
            self._append_key(key, shape[axis:])
            axis += _axes_of(key)

    def _append_key(self, key, extents):
        if not isinstance(key, DeviceArray):
            self._append(key, "a" if isinstance(key, int) else ".")
        elif key.dtype != bool:
            if key.size == 0 and key.dtype.kind not in "iu":  # of an empty list
                key = elementwise.astype(key, np.int64)
            if key.dtype.kind not in "iu":
                raise IndexError("arrays used as indices must be of integer (or boolean) type")
            self._append_array(key, slice(None))
        elif key.ndim == 0:
            self._append_array(selection.flat_places(key._view(key._layout.reshape(1))), None)
        else:
            _check_mask(key.shape, extents)
            for index in selection.nonzero(key):
                self._append_array(index, slice(None))

    def _append_array(self, index, key):
        self._indices.append((self._axes, index))
        self._append(key, "a")

    def _append(self, key, kind):
        if kind == "a" and self._before is None:
            self._before = self._axes
        self._basic.append(key)
        self._kinds += kind
        self._axes += not isinstance(key, int)

    def _of(self, view, first):
        arrays = [index for _, index in self._indices]
        common = np.broadcast_shapes(*(index.shape for index in arrays))
        rest = [axis for axis in range(view.ndim) if axis not in dict(self._indices)]
        before = [axis for axis in rest if axis < self._before] if "a" in self._kinds.strip(".") and \
            "." not in self._kinds.strip(".") else []
        after = rest[len(before):]
        strides = [stride // view.itemsize for stride in view.strides]
        queue = self._array.queue
        shape = (*(view.shape[axis] for axis in before), *common, *(view.shape[axis] for axis in after))
        places = None
        for axis, index in self._indices:
            added = elementwise.apply(_step, [index, np.int64(view.shape[axis]), np.int64(strides[axis])], np.int64)
            places = added if places is None else elementwise.call(np.add, places, added)
        places = elementwise.call(np.add, places, np.int64(first))
        places = places._view(places._layout.reshape(places.shape + (1,) * len(after)))
        for number, axis in enumerate((*before, *after)):
            place = number if axis in before else number + len(common)
            row = creation.asarray(np.arange(view.shape[axis]) * strides[axis], queue=queue)
            row = row._view(row._layout.reshape((-1,) + (1,) * (len(shape) - 1 - place)))
            places = elementwise.call(np.add, places, row)
        return places

    def gather(self):
        """The elements, as a new array."""
        made = empty_on(self._array.queue, self._places.shape, self._array.dtype, self._array.usm_type)
        self._launch(_kernels()[0], made)
        return made

    def scatter(self, value):
        """Write `value`, of the array's dtype, there. Of elements that are there several times one is taken."""
        made = empty_on(self._array.queue, self._places.shape, self._array.dtype, "device")
        elementwise.assign(made, value)
        self._launch(_kernels()[1], made)

    def _launch(self, kernel, elements):
        if elements.size:
            launch(elements.queue, kernel, (elements.size,),
                               (self._row, *(each._layout.reshape(-1) for each in (self._places, elements))))


def _axes_of(key):
    """How many axes of the array a key takes."""
    if isinstance(key, DeviceArray):
        return key.ndim if key.dtype == bool else 1
    return 0 if key is None or key is Ellipsis else 1

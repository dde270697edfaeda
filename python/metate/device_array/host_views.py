"""host_views – what lies in the host's memory and belongs to other libraries, as NumPy arrays that share it (by DLPack)."""

import numpy as np

CPU = (1, 0)  # DLDevice of dlpack.h: kDLCPU, and its number

_REFUSALS = (BufferError, RuntimeError, TypeError, ValueError)  # which one depends on the library, and its version


def offers_dlpack(obj):
    """Whether `obj` is an array of another library that DLPack reads; NumPy's own need no way to NumPy."""
    return hasattr(obj, "__dlpack__") and not isinstance(obj, (np.ndarray, np.generic))


def host_view(array):
    """A NumPy array in the memory of an array that offers DLPack; BufferError says why there is none."""
    try:
        kind, _ = array.__dlpack_device__()
        if kind == CPU[0]:
            return np.from_dlpack(array)
    except _REFUSALS as error:
        raise BufferError(f"this {type(array).__name__} of dtype {getattr(array, 'dtype', 'unknown')} cannot be shared by "
                          f"DLPack: {str(error).rstrip('.')}") from error
    raise BufferError(f"an array on DLPack's device type {int(kind)} cannot be reached: bring it to the CPU")

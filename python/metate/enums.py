"""Enumerations of dpctl. Members equal their names, so that strings do as well."""

import enum


class backend_type(str, enum.Enum):  # noqa: N801 – dpctl's names
    """The ways to devices."""

    all = "all"
    cuda = "cuda"
    hip = "hip"
    host = "host"
    level_zero = "level_zero"
    opencl = "opencl"


class device_type(str, enum.Enum):  # noqa: N801
    """The kinds of devices."""

    all = "all"
    accelerator = "accelerator"
    automatic = "automatic"
    cpu = "cpu"
    custom = "custom"
    gpu = "gpu"


class event_status_type(str, enum.Enum):  # noqa: N801
    """How far a command is. Level Zero does not tell `submitted` from `running`: both are `submitted`."""

    complete = "complete"
    running = "running"
    submitted = "submitted"
    unknown_status = "unknown_status"


class global_mem_cache_type(str, enum.Enum):  # noqa: N801
    """What a cache of global memory does."""

    indeterminate = "indeterminate"
    none = "none"
    read_only = "read_only"
    read_write = "read_write"

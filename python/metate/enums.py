"""Enumerations of dpctl. Members equal their names and print as such, so that strings do as well."""

import enum


class _Name(str, enum.Enum):
    __str__ = str.__str__
    __format__ = str.__format__


class backend_type(_Name):  # noqa: N801 – dpctl's names
    """The ways to devices."""

    all = "all"
    cuda = "cuda"
    hip = "hip"
    host = "host"
    level_zero = "level_zero"
    opencl = "opencl"


class device_type(_Name):  # noqa: N801
    """The kinds of devices."""

    all = "all"
    accelerator = "accelerator"
    automatic = "automatic"
    cpu = "cpu"
    custom = "custom"
    gpu = "gpu"


class event_status_type(_Name):  # noqa: N801
    """How far a command is. Level Zero does not tell `submitted` from `running`: both are `submitted`."""

    complete = "complete"
    running = "running"
    submitted = "submitted"
    unknown_status = "unknown_status"


class fp_config(_Name):  # noqa: N801
    """What arithmetic with floating-point numbers can do."""

    denorm = "denorm"
    inf_nan = "inf_nan"
    round_to_nearest = "round_to_nearest"
    round_to_zero = "round_to_zero"
    round_to_inf = "round_to_inf"
    fma = "fma"
    correctly_rounded_divide_sqrt = "correctly_rounded_divide_sqrt"
    soft_float = "soft_float"


class global_mem_cache_type(_Name):  # noqa: N801
    """What a cache of global memory does."""

    indeterminate = "indeterminate"
    none = "none"
    read_only = "read_only"
    read_write = "read_write"


class local_mem_type(_Name):  # noqa: N801
    """Where the memory of work-groups lies."""

    none = "none"
    local = "local"
    global_mem = "global_mem"


class memory_order(_Name):  # noqa: N801
    """How atomic operations and fences order the memory accesses around them."""

    relaxed = "relaxed"
    acquire = "acquire"
    release = "release"
    acq_rel = "acq_rel"
    seq_cst = "seq_cst"


class memory_scope(_Name):  # noqa: N801
    """Whom such an order holds for."""

    work_item = "work_item"
    sub_group = "sub_group"
    work_group = "work_group"
    device = "device"
    system = "system"


class partition_property(_Name):  # noqa: N801
    """How a device can be divided."""

    no_partition = "no_partition"
    partition_equally = "partition_equally"
    partition_by_counts = "partition_by_counts"
    partition_by_affinity_domain = "partition_by_affinity_domain"


class kernel_arg_type(_Name):  # noqa: N801
    """What an argument of a kernel of SPIR-V can be."""

    dpctl_int8 = "dpctl_int8"
    dpctl_uint8 = "dpctl_uint8"
    dpctl_int16 = "dpctl_int16"
    dpctl_uint16 = "dpctl_uint16"
    dpctl_int32 = "dpctl_int32"
    dpctl_uint32 = "dpctl_uint32"
    dpctl_int64 = "dpctl_int64"
    dpctl_uint64 = "dpctl_uint64"
    dpctl_float32 = "dpctl_float32"
    dpctl_float64 = "dpctl_float64"
    dpctl_void_ptr = "dpctl_void_ptr"
    dpctl_local_accessor = "dpctl_local_accessor"
    dpctl_work_group_memory = "dpctl_work_group_memory"
    dpctl_raw_kernel_arg = "dpctl_raw_kernel_arg"


class usm_type(enum.IntEnum):  # noqa: N801
    """The kinds of memory, by dpctl's numbers."""

    unknown = 0
    device = 1
    shared = 2
    host = 3

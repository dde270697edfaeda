"""What devices say of themselves beyond what their driver is asked for, under dpctl's names.

What Level Zero does not tell is derived as Intel's SYCL runtime derives it from the same answers, or said to be absent:
Metate has no images, and no access to the memory of another device.
"""

import metate  # for metate.enums, which is imported for the first answer that is made of them: that takes milliseconds

from . import _metate, device_selector
from ._metate import Device
from .errors import SubDeviceCreationError

#: How much SYCL's default selector likes devices; a software device comes behind all others.
_SCORES = {"gpu": 550, "cpu": 350, "accelerator": 125}
_DOMAINS = ("numa", "L4_cache", "next_partitionable")
_VECTOR_BYTES = {"char": 1, "short": 2, "int": 4, "long": 8, "half": 2, "float": 4, "double": 8}
_NO_IMAGES = """
max_read_image_args max_write_image_args max_samplers image_max_buffer_size image_2d_max_width image_2d_max_height
image_3d_max_width image_3d_max_height image_3d_max_depth
""".split()


def _platform(device):
    from .platforms import Platform

    return Platform(device)


def _whole(device):
    return device if device._whole is None else _whole(device._whole)


def _among(self):
    """The devices that filter strings choose from: those that the environment leaves, or all if it does not leave this one."""
    devices = _metate.devices()
    left = device_selector.visible(devices)
    return left if self in left else devices


def _filter_string(self):
    """``level_zero:type:number``: what chooses this device among those that `ONEAPI_DEVICE_SELECTOR` leaves."""
    devices = _among(self)
    if self not in devices:
        raise TypeError("no filter string names a part of a device; that of the whole is that of its parent_device")
    return f"level_zero:{self.device_type}:{device_selector.of_kind(devices, device_type=self.device_type).index(self)}"


def _label(self):
    """What messages call the device: its filter string; of a part, which has none, its number and the whole."""
    if self._whole is None or self in _among(self):
        return self.filter_string
    return f"part {self._whole._parts.index(self)} of {self._whole._label}"


def _get_filter_string(self, include_backend=True, include_device_type=True):
    """`filter_string` without its backend or type; without its type the number counts all devices."""
    if include_device_type:
        return self.filter_string.removeprefix("" if include_backend else "level_zero:")
    return ("level_zero:" if include_backend else "") + str(self.get_device_id())


def _get_device_id(self):
    """The number of the device, or of the whole that it is a part of, among those that `ONEAPI_DEVICE_SELECTOR` leaves."""
    devices = _among(self)
    return devices.index(self if self in devices else _whole(self))


def _create_sub_devices(self, partition=None):
    """The devices that this one can be divided into, as a list.

    `partition` is "numa", "L4_cache" or "next_partitionable", which all mean the tiles of a GPU; Level Zero does not
    divide by numbers of compute units. SubDeviceCreationError where the device cannot be divided so.
    """
    if not isinstance(partition, str):
        raise SubDeviceCreationError(f"Level Zero divides a device into its tiles alone, not by {partition!r}: "
                                     "create_sub_devices(partition=\"next_partitionable\")")
    if partition not in _DOMAINS or not self._parts:
        raise SubDeviceCreationError(f"{self.name} cannot be divided by {partition!r}: it has {len(self._parts)} tiles")
    return self._parts


def _print_device_info(self):
    """Print name, vendor, driver and limits of the device."""
    kib = lambda size: f"{size // 1024} KiB"
    rows = {
        "Name": self.name,
        "Vendor": self.vendor,
        "Driver version": self.driver_version,
        "Device type": self.device_type,
        "Filter string": self.filter_string if self in _among(self) else "",
        "Compute units": self.max_compute_units,
        "Work-group size": f"up to {self.max_work_group_size}",
        "Sub-group sizes": ", ".join(map(str, self.sub_group_sizes)),
        "Global memory": f"{self.global_mem_size / 2**30:.1f} GiB",
        "Local memory": kib(self.local_mem_size),
        "Cache": kib(self.global_mem_cache_size),
        "float64": "yes" if self.has_aspect_fp64 else "no",
        "float16": "yes" if self.has_aspect_fp16 else "no",
    }
    for name, value in rows.items():
        if value != "":
            print(f"    {name:<17}{value}")


def _can_access_peer(self, peer, value="access_supported"):
    """Whether kernels on this device reach the memory of the device `peer`: only if that is the same one."""
    if value not in ("access_supported", "atomics_supported"):
        raise ValueError(f"'{value}' is no kind of access: access_supported or atomics_supported")
    return peer is self


def _no_peers(self, peer):
    """ValueError: kernels do not reach the memory of other devices."""
    raise ValueError(f"{self!r} does not reach the memory of {peer!r}; copies go over the host")


def _repr(self):
    return f"<metate.Device {self._label} '{self.name}'>"


_driver_device_type = Device.device_type.__get__


def _device_type(self):
    """What kind of device it is: ``device_type.gpu``, which equals "gpu", and others."""
    return metate.enums.device_type(_driver_device_type(self))


def _add(name, value, doc):
    setattr(Device, name, property(value if callable(value) else lambda _: value, doc=doc))


def _add_kinds():
    is_accelerator = lambda self: self.device_type == "accelerator"
    _add("is_accelerator", is_accelerator, "True for a device that is neither CPU nor GPU.")
    for aspect, value in {
        "cpu": lambda self: self.is_cpu, "gpu": lambda self: self.is_gpu, "accelerator": is_accelerator, "custom": False,
        "image": False, "ext_oneapi_ipc_memory": False, "online_compiler": True, "online_linker": True, "queue_profiling": True, "host_debuggable": False,
        "emulated": False, "is_component": lambda self: self._whole is not None,
        "is_composite": lambda self: bool(self._parts),
    }.items():
        _add(f"has_aspect_{aspect}", value, f"Whether the device has the aspect {aspect}.")


def _add_limits():
    _add("max_work_item_dims", 3, "How many dimensions a launch has at most.")
    for dims in (1, 2):
        _add(f"max_work_item_sizes{dims}d", lambda self, dims=dims: self.max_work_item_sizes3d[-dims:],
             "Of a work-group, in each dimension, the outermost first.")
    _add("max_num_sub_groups", lambda self: self.max_work_group_size // min(self.sub_group_sizes),
         "How many sub-groups a work-group has at most.")
    _add("partition_max_sub_devices", lambda self: len(self._parts), "How many parts the device can be divided into.")
    _add("global_mem_cache_type",
         lambda self: metate.enums.global_mem_cache_type("read_write" if self.global_mem_cache_size else "none"),
         "What the cache of global memory does.")
    _add("global_mem_cache_line_size", 64, "In bytes: Level Zero does not tell; so it is on CPUs and Intel's GPUs.")
    _add("address_bits", 64, "The size of an address.")
    _add("mem_base_addr_align", 8, "How parts of memory are aligned at least, in bits: Level Zero takes any address.")
    _add("local_mem_type", lambda self: metate.enums.local_mem_type("global_mem" if self.is_software else "local"),
         "Where the memory of work-groups lies.")
    _add("sub_group_independent_forward_progress", False, "Whether a sub-group may wait for another one of its group.")
    _add("version", lambda self: self.backend_version, "As `backend_version`.")
    for name in _NO_IMAGES:
        _add(name, 0, "Metate has no images.")
    for name, size in _VECTOR_BYTES.items():
        width = lambda self, size=size, name=name: 0 if not _has_type(self, name) else max(4 * self._simd_lanes // size, 1)
        for kind in ("preferred", "native"):
            _add(f"{kind}_vector_width_{name}", width, f"How many of C's `{name}` a vector has; 0 if there are none.")


def _add_arithmetic():
    for name in ("half", "single", "double"):
        flags = lambda self, name=name: tuple(
            each for bit, each in enumerate(metate.enums.fp_config) if getattr(self, f"_{name}_flags") >> bit & 1)
        exists = lambda self, name=name: name == "single" or _has_type(self, name)
        _add(f"{name}_fp_config", lambda self, flags=flags, exists=exists: flags(self) if exists(self) else (),
             f"What arithmetic of {name} precision can do, a tuple of `fp_config`; empty where there is none.")
    for what in ("memory", "fence"):
        _add(f"atomic_{what}_order_capabilities", lambda _: tuple(metate.enums.memory_order), "A tuple of `memory_order`.")
        _add(f"atomic_{what}_scope_capabilities", lambda _: tuple(metate.enums.memory_scope), "A tuple of `memory_scope`.")


def _add_partitions():
    by_domain = lambda: metate.enums.partition_property.partition_by_affinity_domain
    _add("partition_properties", lambda self: (by_domain(),) if self._parts else (),
         "How the device can be divided, a tuple of `partition_property`.")
    _add("partition_affinity_domains", lambda self: _DOMAINS if self._parts else (), "What `create_sub_devices` takes, a tuple.")
    _add("partition_type_property", lambda self: metate.enums.partition_property.no_partition if self._whole is None else by_domain(),
         "How the device was made of a whole one.")
    _add("partition_type_affinity_domain", lambda self: "next_partitionable" if self._whole is not None else "not_applicable",
         "By what the device was made of a whole one.")


def _can_compile(self, language):
    """Whether the device's programs can be made of a language: of "spirv" (or "spv"), not of "opencl" ("ocl") or "sycl"."""
    if language not in ("spirv", "spv", "opencl", "ocl", "sycl"):
        raise ValueError(f"{language!r} is no language of programs: there are 'spirv', 'opencl' and 'sycl'")
    return language in ("spirv", "spv")


def _has_type(device, name):
    return device.has_aspect_fp64 if name == "double" else device.has_aspect_fp16 if name == "half" else True


_add_kinds()
_add_limits()
_add_arithmetic()
_add_partitions()
_add("device_type", _device_type, _device_type.__doc__)
_add("backend", lambda _: metate.enums.backend_type.level_zero, "The way to the device.")
_add("filter_string", _filter_string, _filter_string.__doc__)
_add("default_selector_score", lambda self: _SCORES.get(self.device_type, 0) // (10 if self.is_software else 1),
     "How much the default selector likes the device.")
_add("parent_device", lambda self: self._whole, "The device that this is a part of, or None.")
_add("composite_device", lambda self: self._whole, "As `parent_device`.")
_add("is_available", True, "Whether the device can be used.")
Device._label = property(_label)
Device.sycl_platform = property(_platform, doc="The `Platform` of the device.")
Device.component_devices = lambda self: self._parts
Device.get_unpartitioned_parent_device = _whole
Device.get_filter_string = _get_filter_string
Device.get_device_id = _get_device_id
Device.can_compile = _can_compile
Device.create_sub_devices = _create_sub_devices
Device.can_access_peer = _can_access_peer
Device.enable_peer_access = Device.disable_peer_access = _no_peers
Device.print_device_info = _print_device_info
Device.__repr__ = _repr

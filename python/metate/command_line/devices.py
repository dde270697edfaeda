"""list the devices that kernels can run on

The first one is the default. ONEAPI_DEVICE_SELECTOR in the environment leaves only those that it names, for example
ONEAPI_DEVICE_SELECTOR=level_zero:gpu.
"""

from ..devices import get_devices

_PROPERTIES = """
name vendor driver_version device_type filter_string is_software max_compute_units max_work_group_size sub_group_sizes
global_mem_size local_mem_size global_mem_cache_size has_aspect_fp64 has_aspect_fp16
""".split()


def describe(device):
    """What JSON can hold of a device."""
    values = {name: getattr(device, name) for name in _PROPERTIES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def add_arguments(parser):
    """What chooses among the devices."""
    parser.add_argument("--type", choices=("cpu", "gpu", "accelerator", "all"), default="all", help="of this kind alone")


def collect(options):
    """What `metate devices --json` prints: sizes in bytes."""
    return [describe(device) for device in get_devices(device_type=options.type)]


def text(found, style):
    """The same for people."""
    if not found:
        return "there is no such device"
    return "\n".join(f"{style.heading(device['filter_string'])}\n{style.rows(_rows(device))}" for device in found)


def _rows(device):
    yes_or_no = {True: "yes", False: "no"}
    return {
        "Name": device["name"], "Vendor": device["vendor"], "Driver version": device["driver_version"],
        "Compute units": device["max_compute_units"], "Work-group size": f"up to {device['max_work_group_size']}",
        "Sub-group sizes": ", ".join(map(str, device["sub_group_sizes"])),
        "Global memory": f"{device['global_mem_size'] / 2**30:.1f} GiB",
        "Local memory": f"{device['local_mem_size'] // 1024} KiB",
        "float64": yes_or_no[device["has_aspect_fp64"]], "float16": yes_or_no[device["has_aspect_fp16"]],
    }

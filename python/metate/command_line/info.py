"""show versions, the CPU, threads, devices and the cache

Add it to a report of a bug: it is all that the way of a program through Metate depends on.
"""

import os
import platform

import numpy as np

from .. import _metate
from .. import cache as _cache
from . import cache, devices

#: Environment variables that change what Metate does, or what it says of devices.
_VARIABLES = """
METATE_NUM_THREADS METATE_CPU_NAME METATE_CPU_FEATURES METATE_KERNEL_CHECK METATE_DISABLE_JIT
METATE_CACHE METATE_CACHE_DIR METATE_CACHE_SIZE
METATE_TIMES METATE_DUMP METATE_DUMP_DIR METATE_TRACE METATE_VALIDATE_SPIRV METATE_DEBUGINFO METATE_PERF_MAP
ONEAPI_DEVICE_SELECTOR SYCL_DEVICE_FILTER ZE_ENABLE_ALT_DRIVERS ZE_AFFINITY_MASK
""".split()


def version():
    """Metate's version."""
    return _metate.build_info()["version"]


def add_arguments(parser):
    """None but those that every command has."""


def collect(options):
    """What `metate info --json` prints."""
    build = _metate.build_info()
    cpu = _metate.host_cpu()
    found = {
        "versions": {"metate": build["version"], "python": platform.python_version(), "numpy": np.__version__,
                     "llvm": build["llvm"], "system": platform.platform()},
        "build": {"sanitizers": build["sanitizers"], "assertions": build["assertions"]},
        "cpu": {"name": cpu["name"], "target": cpu["triple"],
                "features": [each[1:] for each in cpu["features"].split(",") if each.startswith("+")]},
        "threads": {"layer": build["threads"], "most": _metate.max_num_threads(), "cpus": os.cpu_count()},
        "environment": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
    }
    # Whoever asks what is wrong has to get an answer where there are no devices, too.
    try:
        found["devices"] = [devices.describe(device) for device in _metate.devices()]
    except Exception as error:
        found["devices"], found["devices_error"] = [], str(error)
    try:
        found["cache"] = {"on": _metate.cache_is_wanted(), **_cache.info()}
    except (OSError, ValueError) as error:
        found["cache"] = {"on": _metate.cache_is_wanted(), "error": str(error)}
    return found


def text(found, style):
    """The same for people."""
    versions, cpu, threads = found["versions"], found["cpu"], found["threads"]
    names = {"metate": "Metate", "python": "Python", "numpy": "NumPy", "llvm": "LLVM", "system": "System"}
    parts = [style.heading("Versions"), style.rows({names[name]: value for name, value in versions.items()})]
    built = [f"sanitizers: {found['build']['sanitizers']}"] if found["build"]["sanitizers"] else []
    built += ["internal checks are on, which makes compiling slower"] if found["build"]["assertions"] else []
    if built:
        parts[-1] += "\n" + style.rows({"Build": "; ".join(built)})
    parts += [style.heading("CPU"), style.rows({"Name": cpu["name"], "Target": cpu["target"],
                                                "Vectors": _vectors(cpu["features"])})]
    layers = {"tbb": "oneTBB", "threads": "plain threads"}
    parts += [style.heading("Threads"), style.rows({"Parallel": f"{threads['most']} of {threads['cpus']} CPUs",
                                                    "Layer": layers.get(threads["layer"], threads["layer"])})]
    parts += [style.heading("Devices"), _devices(found)]
    kept = found["cache"]
    parts += [style.heading("Cache"), style.rows({"None": kept["error"]} if "error" in kept else cache.describe(kept))]
    if found["environment"]:
        parts += [style.heading("Environment"), style.rows(found["environment"])]
    return "\n".join(parts)


def _vectors(features):
    for feature, text in {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "sse2": "SSE2", "neon": "NEON"}.items():
        if feature in features:
            return text
    return "none"


def _devices(found):
    if "devices_error" in found:
        return f"    none: {found['devices_error']}"
    return "\n".join(f"    {device['filter_string']:<18}{device['name']}" for device in found["devices"])

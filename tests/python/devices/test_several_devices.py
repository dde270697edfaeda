"""Several devices, and devices that have parts: choosing, computing on each, and moving between them."""

import pytest

BEGIN = """
import asyncio, ctypes, json, threading, warnings
import metate, numpy as np

loader = ctypes.CDLL("libze_loader.so.1")
loader.metate_test_launches.restype = ctypes.c_long
loader.metate_test_launches.argtypes = [ctypes.c_size_t]

#: Devices by their place in what the loader counts; the last is behind it.
first, second, third, cpu = metate.get_devices()
parts = first._parts
COUNTED = {first: 0, parts[0]: 1, parts[1]: 2, second: 3, third: 4}


@metate.kernel
def double(a):
    a[metate.get_global_id(0)] *= 2


@metate.njit(parallel=True)
def total(a):
    return (a * 2).sum()


def launches():
    return [loader.metate_test_launches(number) for number in range(len(COUNTED))]


def launched_on(use):
    # The devices that `use` launches kernels on, and what it gives.
    before = launches()
    result = use()
    now = launches()
    return [str(device._label) for device, number in COUNTED.items() if now[number] > before[number]], result


def said(use):
    try:
        return use()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

CHOOSING = BEGIN + """
labels = lambda devices: [device._label for device in devices]
print(json.dumps({
    "filters": {text: metate.Device(text)._label for text in
                ("gpu", "level_zero:gpu:1", "gpu:2", "3", "level_zero:2", "cpu,gpu", "accelerator,gpu:1")},
    "strings": [device.filter_string for device in metate.get_devices()],
    "without type": [device.get_filter_string(include_device_type=False) for device in metate.get_devices()],
    "counts": [metate.get_num_devices(device_type=kind) for kind in ("all", "gpu", "cpu", "accelerator")],
    "selected": labels([metate.select_default_device(), metate.select_gpu_device(), metate.select_cpu_device()]),
    "platforms": [labels(platform.get_devices()) for platform in metate.get_platforms()],
    "composite": labels(metate.get_composite_devices()),
    "missing": said(lambda: metate.Device("level_zero:gpu:3")),
    "reprs": len({repr(device) for device in (*metate.get_devices(), *parts)}),
}))
"""


def test_choosing_among_them(on_several_devices):
    gpus = ["level_zero:gpu:0", "level_zero:gpu:1", "level_zero:gpu:2"]
    said = on_several_devices(CHOOSING)
    assert said.pop("missing").startswith("DeviceCreationError: no device matches 'level_zero:gpu:3'; there are level_zero:gpu:0")
    assert said == {
        "filters": {"gpu": gpus[0], "level_zero:gpu:1": gpus[1], "gpu:2": gpus[2], "3": "level_zero:cpu:0", "level_zero:2": gpus[2],
                    "cpu,gpu": "level_zero:cpu:0", "accelerator,gpu:1": gpus[1]},
        "strings": [*gpus, "level_zero:cpu:0"], "without type": [f"level_zero:{number}" for number in range(4)],
        "counts": [4, 3, 1, 0], "selected": [gpus[0], gpus[0], "level_zero:cpu:0"],
        "platforms": [gpus[:2], gpus[2:], ["level_zero:cpu:0"]], "composite": gpus[:1], "reprs": 6}


SELECTED = """
import json, metate
every = metate._metate.devices()
known = {device: str(number) for number, device in enumerate(every)}
known |= {part: f"{known[device]}.{number}" for device in every for number, part in enumerate(device._parts)}
devices = metate.get_devices()
assert all(metate.Device(device.filter_string) is device for device in devices)
assert sum(len(platform.get_devices()) for platform in metate.get_platforms()) == len(devices)
for device in devices:
    queue = metate.Queue(device)
    assert device.filter_string in repr(queue) and metate.ones(3, queue=queue).sum() == 3
print(json.dumps([known[device] for device in devices]))
"""


@pytest.mark.parametrize("selector, left", [
    ("level_zero:gpu", ["0", "1", "2"]),
    ("level_zero:1,2", ["1", "2"]),
    ("level_zero:2;level_zero:0", ["0", "2"]),
    ("!level_zero:cpu", ["0", "1", "2"]),
    ("level_zero:*;!level_zero:1", ["0", "2", "3"]),
    ("level_zero:0.1", ["0.1"]),
    ("level_zero:*.*", ["0.0", "0.1"]),
    ("level_zero:gpu.1,cpu", ["0.1", "3"]),
    ("level_zero:0,0.1", ["0", "0.1"]),
    ("level_zero:0.*.*", []),
    ("level_zero:1.0", []),
    ("level_zero:7", []),
    ("opencl:gpu;level_zero:1", ["1"]),
])
def test_what_the_selector_leaves(on_several_devices, selector, left):
    assert on_several_devices(SELECTED, ONEAPI_DEVICE_SELECTOR=selector) == left


PARTS = BEGIN + """
def kinds(partition):
    return said(lambda: [COUNTED[part] for part in first.create_sub_devices(partition=partition)])


def double_in_context():
    host = np.arange(4.0)
    with metate.device_context(part):
        double[4](host)
    return host.tolist()


part = parts[1]
queue = metate.Queue(part)
a = metate.arange(4.0, queue=queue)
memory = metate.MemoryUSMShared(32, queue=queue)
printed = [repr(each) for each in (part, queue, a, a.device, memory, queue.context)]
print(json.dumps({
    "domains": {domain: kinds(domain) for domain in first.partition_affinity_domains},
    "others": {str(partition): kinds(partition) for partition in (2, [1, 1], "L1_cache", None)},
    "none": said(lambda: second.create_sub_devices(partition="numa")),
    "most": [first.partition_max_sub_devices, second.partition_max_sub_devices, part.partition_max_sub_devices],
    "above": [part.parent_device is first, part.get_unpartitioned_parent_device() is first, part.composite_device is first,
              first.parent_device is None, first.component_devices() == parts],
    "aspects": [first.has_aspect_is_composite, part.has_aspect_is_composite, first.has_aspect_is_component, part.has_aspect_is_component],
    "properties": [len(first.partition_properties), len(part.partition_properties), str(part.partition_type_affinity_domain)],
    "filter": said(lambda: part.filter_string),
    "names": [text for text in printed if "part 1 of level_zero:gpu:0" not in text],
    "kernel": launched_on(lambda: (double[4](a), a.tolist())[1]),
    "function": launched_on(lambda: float(total(a))),
    "array": launched_on(lambda: (a + a).device == part),
    "context": launched_on(double_in_context),
    "cached": metate.get_device_cached_queue(part) is metate.get_device_cached_queue(part) is not metate.get_device_cached_queue(first),
    "peers": first.can_access_peer(part), "id": part.get_device_id(),
}))
"""


def test_parts(on_several_devices):
    said = on_several_devices(PARTS)
    assert set(said["domains"]) == {"numa", "L4_cache", "next_partitionable"}
    assert all(kinds == [1, 2] for kinds in said["domains"].values())
    assert all(error.startswith("SubDeviceCreationError") and "tiles" in error for error in said["others"].values())
    assert said["none"].startswith("SubDeviceCreationError") and "it has 0 tiles" in said["none"]
    assert said["most"] == [2, 0, 0] and all(said["above"]) and said["aspects"] == [True, False, False, True]
    assert said["properties"] == [1, 0, "next_partitionable"] and said["filter"].startswith("TypeError: no filter string names a part")
    assert said["names"] == [] and said["cached"] and not said["peers"] and said["id"] == 0
    place = ["part 1 of level_zero:gpu:0"]
    assert said["kernel"] == [place, [0, 2, 4, 6]] and said["function"] == [place, 24] and said["array"] == [place, True]
    assert said["context"] == [place, [0, 2, 4, 6]]


FOLLOWING = BEGIN + """
report = {}
for device in (*COUNTED, cpu):
    a = metate.arange(6.0, device=device)
    host = np.arange(6.0)
    uses = {
        "kernel": lambda: (double[6](a), a.tolist())[1],
        "operator": lambda: (a + 1).tolist(),
        "reduction": lambda: float(a.sum()),
        "parallel function": lambda: float(total(a)),
        "queue": lambda: (metate.Queue(device).submit(double, (a,), 6), a.tolist())[1],
        "moved and back": lambda: a.to_device(second).to_device(third).to_device(a.device).tolist(),
    }
    report[device._label] = {name: launched_on(use) for name, use in uses.items()}
    b = a.to_device(second)
    assert b.sycl_device is second and b.usm_type == a.usm_type and (b is a) == (device is second)
    assert (b + b).sycl_device is second
print(json.dumps(report))
"""


def test_compute_follows_data(on_several_devices):
    report = on_several_devices(FOLLOWING)
    assert len(report) == 6
    for device, uses in report.items():
        place = [device] if device != "level_zero:cpu:0" else []  # which the loader does not count
        doubled = [2.0 * n for n in range(6)]
        assert uses == {
            "kernel": [place, doubled], "operator": [place, [n + 1 for n in doubled]], "reduction": [place, 30],
            "parallel function": [place, 60], "queue": [place, [2 * n for n in doubled]], "moved and back": [[], [2 * n for n in doubled]]}


CONTEXTS = BEGIN + """
devices = [first, second, third, parts[0]]
double[4](np.arange(4.0))


def work(device, turns, meet):
    host = np.ones(4)
    with metate.device_context(device) as queue:
        for _ in range(turns):
            meet()
            assert metate.get_current_device() is device and metate.get_current_queue() is queue
            double[4](host)
            made = metate.ones(3) + 1
            assert made.queue is queue and made.sycl_device is device
    assert metate.get_current_device() is first
    return host.tolist()


def in_threads():
    results, barrier = {}, threading.Barrier(len(devices))
    def run(device):
        results[device] = said(lambda: work(device, 3, barrier.wait))
    threads = [threading.Thread(target=run, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[device] for device in devices]


async def work_in_task(device):
    host = np.ones(4)
    with metate.device_context(device):
        for _ in range(3):
            await asyncio.sleep(0)
            assert metate.get_current_device() is device
            double[4](host)
            assert metate.ones(3).sycl_device is device
    return host.tolist()


async def gather():
    return await asyncio.gather(*map(work_in_task, devices))


print(json.dumps([launched_on(in_threads), launched_on(lambda: asyncio.run(gather()))]))
"""


def test_contexts_of_threads_and_tasks(on_several_devices):
    for places, results in on_several_devices(CONTEXTS):
        assert set(places) == {"level_zero:gpu:0", "part 0 of level_zero:gpu:0", "level_zero:gpu:1", "level_zero:gpu:2"}
        assert results == [[8] * 4] * 4


EVENTS = BEGIN + """
queues = [metate.Queue(device, property="enable_profiling") for device in (first, second, third, cpu)]
arrays = [metate.ones(4, queue=queue) for queue in queues]
event = None


def warned():
    with warnings.catch_warnings(), metate.device_context(second):
        warnings.simplefilter("error")
        double[4](arrays[0])


for queue, array in zip(queues, arrays):  # each behind the one on the device before
    event = queue.submit_async(double, (array,), 4, dEvents=[] if event is None else [event])
event.wait()
metate.Event.wait_for([queue.submit_barrier(event) for queue in queues])
assert 0 <= event.profiling_info_start <= event.profiling_info_end
print(json.dumps([[array.tolist() for array in arrays], said(warned)]))
"""


def test_events_of_other_devices(on_several_devices):
    arrays, warning = on_several_devices(EVENTS)
    assert arrays == [[2] * 4] * 4
    assert "level_zero:gpu:0" in warning and "level_zero:gpu:1" in warning and "has no effect" in warning

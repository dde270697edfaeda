"""What devices and platforms say of themselves, their memory pools, and timers."""

import gc

import metate
import numpy as np
import pytest
from metate.enums import fp_config, memory_order, memory_scope


@pytest.fixture
def device():
    return metate.get_devices()[0]


def test_kinds_and_aspects(device):
    assert [device.is_cpu, device.is_gpu, device.is_accelerator].count(True) <= 1
    assert device.has_aspect_cpu == device.is_cpu and device.has_aspect_gpu == device.is_gpu
    assert device.has_aspect_usm_shared_allocations and device.has_aspect_queue_profiling
    assert not device.has_aspect_image and device.max_read_image_args == 0
    chosen = metate.select_device_with_aspects(["usm_device_allocations", "fp64"], excluded_aspects=["custom", "image"])
    assert chosen.has_aspect_usm_device_allocations


def test_limits(device):
    sizes = device.max_work_item_sizes3d
    assert len(sizes) == 3 == device.max_work_item_dims and max(sizes) <= device.max_work_group_size
    assert device.max_work_item_sizes1d == sizes[-1:] and device.max_work_item_sizes2d == sizes[-2:]
    assert device.max_num_sub_groups * min(device.sub_group_sizes) == device.max_work_group_size
    assert device.max_mem_alloc_size <= device.global_mem_size and device.local_mem_size >= 16384
    assert device.profiling_timer_resolution >= 1 and device.max_compute_units >= 1
    assert device.preferred_vector_width_char >= device.preferred_vector_width_double
    assert device.native_vector_width_half == 0 or device.has_aspect_fp16
    assert device.global_mem_cache_type in ("read_write", "none")


def test_the_default_device_has_the_highest_score():
    devices = metate.get_devices()
    assert devices[0].default_selector_score == max(device.default_selector_score for device in devices)


def test_parts(device):
    assert device.partition_max_sub_devices == len(device.component_devices())
    assert device.parent_device is None and device.get_unpartitioned_parent_device() is device
    for partition in (2, [1, 1], "L1_cache", None):
        with pytest.raises(metate.errors.SubDeviceCreationError, match="tiles"):
            device.create_sub_devices(partition=partition)
    if not device.has_aspect_is_composite:
        with pytest.raises(metate.errors.SubDeviceCreationError, match="it has 0 tiles"):
            device.create_sub_devices(partition="next_partitionable")


def test_peers(device):
    assert device.can_access_peer(device)
    with pytest.raises(ValueError, match="does not reach the memory"):
        device.enable_peer_access(device)
    with pytest.raises(ValueError, match="no kind of access"):
        device.can_access_peer(device, "all")


def test_platforms(device, capsys):
    platform = device.sycl_platform
    assert platform in metate.get_platforms() and device in platform.get_devices()
    assert platform.default_context.get_devices() == platform.get_devices()
    assert platform.get_devices(device.device_type) and platform.version == device.driver_version
    assert platform.get_composite_devices() == [each for each in platform.get_devices() if each.component_devices()]
    platform.print_platform_info(2)
    printed = capsys.readouterr().out
    assert platform.name in printed and device.filter_string in printed and "Local memory" in printed


def test_memory_pool(device):
    queue = metate.get_device_cached_queue(device)
    limit = device.memory_pool_limit
    try:
        gc.collect()
        device.memory_pool_limit = 0
        assert device.pooled_bytes == 0
        used, allocations = device.used_bytes, device.live_allocations
        memory = metate.MemoryUSMDevice(1 << 20, queue=queue)
        assert device.used_bytes >= used + (1 << 20) and device.live_allocations == allocations + 1
        device.memory_pool_limit = 4 << 20
        del memory
        assert device.used_bytes == used and device.pooled_bytes >= 1 << 20
        device.memory_pool_limit = 0
        assert device.pooled_bytes == 0
        with pytest.raises(ValueError, match="must not be negative"):
            device.memory_pool_limit = -1
    finally:
        device.memory_pool_limit = limit


def test_nothing_leaks(device):
    @metate.kernel
    def add(a, b):
        i = metate.get_global_id(0)
        a[i] += b[i + 1]

    gc.collect()
    before = device.live_allocations, device.used_bytes
    queue = metate.Queue(property="enable_profiling", async_handler=lambda error: None)
    for number in range(200):
        x, y = metate.MemoryUSMShared(64, queue=queue), metate.MemoryUSMHost(65 - number % 2, queue=queue)
        event = queue.submit_async(add, (x, y), 64)
        with pytest.raises(IndexError) if number % 2 else memoryview(b""):
            queue.submit(add, (x, y), 64, dEvents=event)
    queue.wait()
    del queue, x, y, event
    gc.collect()
    assert (device.live_allocations, device.used_bytes) == before


def test_timer():
    queue = metate.Queue(property="enable_profiling")
    memory = metate.MemoryUSMShared(1 << 20, queue=queue)
    timer = metate.Timer(host_timer=iter([1, 4, 10, 11]).__next__, device_timer="queue_barrier", time_scale=1e3)
    assert timer.dt == (0, 0)
    with timer(queue):
        first = queue.memset_async(memory, 1)
    once = timer.dt
    assert once.host_dt == 3000
    assert once.device_dt >= (first.profiling_info_end - first.profiling_info_start) * 1e-6
    with timer(queue):
        queue.memset(memory, 2)
    assert timer.dt.host_dt == 4000 and timer.dt.device_dt > once.device_dt


@pytest.mark.parametrize("use, error, message", [
    (lambda: metate.Timer(device_timer="clock"), ValueError, "'queue_barrier' or 'order_manager'"),
    (lambda: metate.Timer()(3), TypeError, "times a Queue, not a int"),
    (lambda: metate.Timer()(metate.Queue()), ValueError, "only a queue that keeps times"),
    (lambda: metate.Timer().__enter__(), TypeError, "with timer"),
])
def test_timers_that_make_no_sense(use, error, message):
    with pytest.raises(error, match=message):
        use()


def test_profiling_information():
    queue = metate.Queue(property=["in_order", "enable_profiling"])
    memory = metate.MemoryUSMShared(1 << 16, queue=queue)
    events = [queue.memset_async(memory, value) for value in range(3)] + [queue.memset(memory, 3)]
    for event in events:
        assert event.profiling_info_submit <= event.profiling_info_start <= event.profiling_info_end
    for before, after in zip(events, events[1:]):
        assert before.profiling_info_end <= after.profiling_info_start
    assert np.frombuffer(memory, np.uint8).max() == 3


def test_arithmetic_and_memory_model(device):
    single = device.single_fp_config
    assert fp_config.round_to_nearest in single and "inf_nan" in single and len(set(single)) == len(single)
    assert bool(device.half_fp_config) == device.has_aspect_fp16 and bool(device.double_fp_config) == device.has_aspect_fp64
    if device.is_software:
        assert set(device.double_fp_config) == set(fp_config) - {"soft_float", "round_to_zero", "round_to_inf"}
    for what in ("memory", "fence"):
        assert memory_order.acq_rel in getattr(device, f"atomic_{what}_order_capabilities")
        assert memory_scope.work_group in getattr(device, f"atomic_{what}_scope_capabilities")
    assert device.local_mem_type in ("local", "global_mem") and device.error_correction_support in (True, False)
    assert device.mem_base_addr_align % 8 == 0 and device.max_samplers == 0 and device.address_bits == 64
    major, minor = map(int, device.backend_version.split("."))
    assert (major, minor) >= (1, 0) and device.version == device.backend_version


def test_how_devices_are_divided(device):
    parts = device.component_devices()
    assert bool(device.partition_properties) == bool(device.partition_affinity_domains) == bool(parts)
    assert device.partition_type_property == "no_partition" and device.partition_type_affinity_domain == "not_applicable"
    for part in parts:
        assert part.partition_type_property == "partition_by_affinity_domain"


def test_addresses_and_numbers(device):
    queue = metate.Queue(device)
    memory = metate.MemoryUSMShared(16, queue=queue)
    event = queue.memset_async(memory, 1)
    addresses = [each.addressof_ref() for each in (device, queue, queue.context, event, metate.Queue(device))]
    assert 0 not in addresses and queue.addressof_ref() == addresses[1] != addresses[4]
    event.wait()
    assert queue.context.sycl_platform == device.sycl_platform
    kinds = [make(8, queue=queue).get_usm_type_enum() for make in
             (metate.MemoryUSMDevice, metate.MemoryUSMShared, metate.MemoryUSMHost)]
    assert kinds == [1, 2, 3] and [kind.name for kind in kinds] == ["device", "shared", "host"]


def test_what_all_devices_of_a_context_can_do(device):
    context = device.sycl_platform.default_context
    for name in ("memory_order", "memory_scope", "fence_order", "fence_scope"):
        capabilities = getattr(context, f"atomic_{name}_capabilities")
        assert capabilities and set(capabilities) <= set(getattr(device, f"atomic_{name}_capabilities"))

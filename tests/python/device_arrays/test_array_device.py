"""`device` of an array stands for its queue, so that what is made there works together with the array."""

import copy

import metate
import numpy as np
import pytest
from metate.errors import ExecutionQueueInferenceError


@pytest.fixture(params=["own queue", "context"])
def x(request):
    """An array on a queue that is not its device's default one."""
    if request.param == "own queue":
        return metate.ones(3, queue=metate.Queue())
    with metate.device_context(metate.Queue()):
        return metate.ones(3)


@pytest.mark.parametrize("compute, expected", [
    (lambda xp, x: xp.zeros(3, device=x.device) + x, [1, 1, 1]),
    (lambda xp, x: xp.asarray([1.0, 2, 3], device=x.device) * x, [1, 2, 3]),
    (lambda xp, x: xp.asarray(np.arange(3.0), device=x.device) - x, [-1, 0, 1]),
    (lambda xp, x: x + x.to_device(x.device), [2, 2, 2]),
    (lambda xp, x: x * xp.arange(3, device=x.device), [0, 1, 2]),
    (lambda xp, x: x + xp.linspace(0, 2, 3, device=x.device), [1, 2, 3]),
    (lambda xp, x: x + xp.zeros_like(metate.ones(3), device=x.device), [1, 1, 1]),
    (lambda xp, x: x + xp.astype(metate.ones(3), xp.float64, device=x.device), [2, 2, 2]),
    (lambda xp, x: x + metate.from_dlpack(np.arange(3.0), device=x.device), [1, 2, 3]),
])
def test_what_is_made_there_works_together_with_the_array(x, compute, expected):
    made = compute(x.__array_namespace__(), x)
    assert made.queue is x.queue
    np.testing.assert_array_equal(metate.asnumpy(made), expected)


def test_an_array_stays_where_it_is(x):
    assert x.to_device(x.device) is x and metate.asarray(x, device=x.device) is x


def test_it_equals_its_device_both_ways(x):
    device = x.queue.device
    assert x.device == device and device == x.device and not x.device != device and not device != x.device
    assert hash(x.device) == hash(device) and {device: 1}[x.device] == {x.device: 1}[device] == 1
    assert x.device == (x + 1).device == copy.copy(x.device) and x.device in metate.get_devices()
    assert x.device in x.__array_namespace__().__array_namespace_info__().devices()
    assert x.device != metate.ones(3, queue=metate.Queue()).device and x.device != "cpu"


def test_it_offers_what_its_device_does(x):
    assert x.device.sycl_device is x.sycl_device is x.queue.device and x.device.sycl_queue is x.queue
    assert x.device.sycl_context == x.sycl_context and x.device.name == x.queue.device.name
    assert repr(x.device) == f"Device({x.queue.device.filter_string})"
    x.device.wait()
    with pytest.raises(AttributeError, match="colour"):
        x.device.colour


def test_it_is_taken_where_devices_are(x):
    device = x.queue.device
    assert metate.Queue(x.device).device is metate.Device(x.device) is device
    assert metate.Queue(metate.Context(x.device), x.device).context == metate.Context(device)
    assert metate.get_device_cached_queue(x.device) is x.queue
    assert metate.MemoryUSMShared(4, queue=x.device).queue is x.queue
    with metate.device_context(x.device) as queue:
        assert queue is x.queue and metate.ones(3).queue is x.queue
    info = x.__array_namespace__().__array_namespace_info__()
    assert info.dtypes(device=x.device) == info.dtypes(device=device)
    assert metate.ones(3, device=x.device, queue=x.queue).queue is x.queue


def test_devices_and_filter_strings_still_stand_for_the_default_queue(x):
    for device in (x.sycl_device, x.sycl_device.filter_string):
        assert metate.ones(3, device=device).queue is metate.get_device_cached_queue(device) is not x.queue
        with pytest.raises(ExecutionQueueInferenceError):
            metate.ones(3, device=device) + x

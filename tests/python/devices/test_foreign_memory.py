"""Memory of another device, another driver's context, or another queue: errors name both, and nothing is read or written."""

import json

import pytest

#: What is done with `a` and memory `m` of one queue, and `b` and memory `n` of another one, by what it is called.
ARRAYS = {
    "a kernel": "add[4](a, b, a)",
    "a kernel with a signature": "typed[4](a, b)",
    "a kernel with a tuple": "of_tuple[4]((a, b))",
    "a kernel that is called": "metate.call_kernel(add, metate.Range(4), a, b, a)",
    "a kernel that is called and not waited for": "metate.call_kernel_async(add, metate.Range(4), (), a, b, a)",
    "a parallel function": "total_parallel(a, b)",
    "a function": "total(a, b)",
    "a function with a tuple": "total_of((a, b))",
    "a vectorized function": "vectorized(a, b)",
    "an operator": "a + b",
    "a comparison": "a == b",
    "an operator in place": "a.__iadd__(b)",
    "a matrix product": "a @ b",
    "a NumPy function": "np.add(a, b)",
    "its out": "np.add(a, a, out=b)",
    "out of a reduction": "np.sum(a, out=b[:1].reshape(()))",
    "a function of the standard": "xp.where(a > 1, a, b)",
    "a list of arrays": "xp.concat([a, b])",
    "numbers in a list": "metate.asarray([a[0], b[0]])",
    "an index array": "a[index]",
    "an index": "a[index[0]]",
    "an index among others": "a.reshape(2, 2)[index[0], [0, 1]]",
    "a bound of a slice": "a[index[0]:]",
    "an index that is written to": "a.__setitem__(index[0], 9)",
    "an index array that is written to": "a.__setitem__(index, 9)",
    "a mask": "a[b > 1]",
    "elements that are written": "a.__setitem__(slice(None), b)",
    "take": "xp.take(a, index)",
}
DEVICES = {
    "a launch on a queue": "a.queue.submit(add, (b, b, b), 4)",
    "one of two arguments": "a.queue.submit_async(add, (a, b, a), 4)",
    "a launch over memory": "a.queue.submit(add_bytes, (n,), 4)",
    "a kernel of SPIR-V": "a.queue.submit(of_spirv(a.queue), (n, n, n), 4)",
    "a copy to it": "a.queue.memcpy(n, m, 32)",
    "a copy from it": "a.queue.memcpy(m, n, 32)",
    "a copy from an array": "a.queue.memcpy_async(m, b, 32)",
    "setting bytes": "a.queue.memset(n, 0)",
    "filling": "a.queue.fill(n, b'ab', 2)",
    "a prefetch": "a.queue.prefetch(n, 32)",
    "an advice": "a.queue.mem_advise(n, 32, 0)",
    "sharing memory": "metate.MemoryUSMShared(n, queue=a.queue)",
}
#: The protocol of an array, with the queue of another one.
LIES = {
    "an array": "metate.asarray(Foreign(b, a.queue))",
    "a kernel": "add[4](Foreign(b, a.queue), a, a)",
    "a function": "total(Foreign(b, a.queue), a)",
    "memory": "metate.as_usm_memory(Foreign(n, a.queue))",
    "a copy": "a.queue.memcpy(m, Foreign(b, a.queue), 32)",
    "a device": "metate.asarray(Foreign(b, a.queue.device))",
    "a context": "metate.asarray(Foreign(b, a.queue.context))",
}
#: What moves things, as it says.
MOVES = {
    "to_device": "b.to_device(a.device)",
    "to_device of a view": "b[::-1].to_device(a.device)[::-1]",
    "asarray": "metate.asarray(b, queue=a.queue)",
    "asarray of another library's": "metate.asarray(Foreign(b), queue=a.queue)",
    "from_dlpack": "metate.from_dlpack(b, device=a.device)",
    "a copy of memory": "as_array(metate.MemoryUSMShared(n, queue=a.queue, copy=True))",
    "a copy between memories": "(m.copy_from_device(n), as_array(m))[1]",
    "a copy over the host": "(m.copy_from_host(n.copy_to_host()), as_array(m))[1]",
}
#: Memory of the same device, from a queue with a context of its own, is the device's: commands take it.
OWN_CONTEXT = {use: expression for use, expression in DEVICES.items() if use != "a kernel of SPIR-V"}

PROGRAM = """
import json, sys
import metate, numpy as np
from metate import get_global_id, programs


@metate.kernel
def add(a, b, c):
    i = get_global_id(0)
    c[i] = a[i] + b[i]


@metate.kernel("void(float64[::1], float64[::1])")
def typed(a, b):
    a[get_global_id(0)] = b[get_global_id(0)]


@metate.kernel
def of_tuple(t):
    t[0][get_global_id(0)] = t[1][get_global_id(0)]


@metate.kernel
def add_bytes(a):
    a[get_global_id(0)] += 0


@metate.vectorize
def vectorized(x, y):
    return x + y


total = metate.njit(lambda x, y: (x * y).sum())
total_parallel = metate.njit(parallel=True)(lambda x, y: (x * y).sum())
total_of = metate.njit(lambda t: (t[0] * t[1]).sum())


class Foreign:
    def __init__(self, array, syclobj=None):
        self.array = array
        self.__sycl_usm_array_interface__ = dict(array.__sycl_usm_array_interface__)
        if syclobj is not None:
            self.__sycl_usm_array_interface__["syclobj"] = syclobj


def of_spirv(queue):
    words, entry, _ = add_bytes._dispatcher.module(1, "", (np.zeros(4, np.uint8),), 2)
    made = programs.create_kernel_bundle_from_spirv(queue, words).get_sycl_kernel(entry)
    assert made.num_args == 3, made.num_args
    return made


def as_array(memory):
    return metate.asarray(np.frombuffer(memory, np.float64), queue=memory.queue)


def names(queue):
    return [repr(queue), repr(queue.device)]


def outcome(expression):
    try:
        value = eval(expression)
    except Exception as error:
        return type(error).__name__, str(error)
    where = value.queue is a.queue if hasattr(value, "queue") else None
    return "", metate.asnumpy(value).tolist() if isinstance(value, metate.DeviceArray) else None, where


first, *rest = metate.get_devices()
HOST = np.arange(4.0)
queues = {"another device": metate.Queue(rest[0]), "another driver": metate.Queue(rest[1]), "Metate's driver": metate.Queue(rest[2]),
          "a part": metate.Queue(first.create_sub_devices("next_partitionable")[0]),
          "a context of its own": metate.Queue(metate.Context(first), first)}
report = {}
for place, queue in queues.items():
    a, b = (metate.asarray(HOST, queue=each) for each in (metate.Queue(first), queue))
    m, n = (metate.MemoryUSMShared(32, queue=each.queue) for each in (a, b))
    m.memset(0)
    n.copy_from_host(HOST)
    index, xp = metate.asarray([1, 2], queue=queue), a.__array_namespace__()
    outcomes = {}
    for kind, uses in json.loads(sys.argv[1]).items():
        outcomes[kind] = {use: outcome(expression) for use, expression in uses.items()}
        if kind == "refused":
            now = [metate.asnumpy(each).tolist() for each in (a, b, as_array(m), as_array(n))]
    report[place] = names(a.queue), names(queue), now, outcomes
print(json.dumps(report))
"""

PLACES = ["another device", "another driver", "Metate's driver", "a part"]
REFUSED = {**ARRAYS, **DEVICES, **{f"a lie to {use}": expression for use, expression in LIES.items()}}


@pytest.fixture(scope="module")
def outcomes(on_several_devices):
    return on_several_devices(PROGRAM, json.dumps({"refused": REFUSED, "moved": MOVES, "own": OWN_CONTEXT}))


@pytest.mark.parametrize("use", REFUSED)
@pytest.mark.parametrize("place", PLACES)
def test_the_error_names_both(outcomes, place, use):
    first, second, _, of_place = outcomes[place]
    error, message, *_ = of_place["refused"][use]
    assert error in ("ExecutionQueueInferenceError", "ValueError"), message
    assert any(name in message for name in first) and any(name in message for name in second), message


@pytest.mark.parametrize("place", PLACES)
def test_nothing_was_written(outcomes, place):
    assert outcomes[place][2] == [[0, 1, 2, 3]] * 2 + [[0, 0, 0, 0], [0, 1, 2, 3]]


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_asked_for_is_moved(outcomes, place, move):
    assert outcomes[place][3]["moved"][move] == ["", [0, 1, 2, 3], True]


@pytest.mark.parametrize("use", ARRAYS)
def test_queues_of_one_device_do_not_mix_either(outcomes, use):
    first, second, _, of_place = outcomes["a context of its own"]
    error, message, *_ = of_place["refused"][use]
    assert error == "ExecutionQueueInferenceError" and first[0] in message and second[0] in message


@pytest.mark.parametrize("use", OWN_CONTEXT)
def test_memory_of_another_context_of_the_device(outcomes, use):
    error, *what = outcomes["a context of its own"][3]["own"][use]
    assert not error, what


CONTEXTS = """
import json, metate
first, second, third, fourth = metate.get_devices()
part = first.create_sub_devices("numa")[0]
said = {}
for name, devices in {"of a driver": [first, second, part], "of two": [first, third], "of ours": [part, fourth]}.items():
    try:
        said[name] = metate.Context(devices).device_count
    except metate.errors.DeviceCreationError as error:
        said[name] = [repr(device) in str(error) for device in devices]
for name, device in {"another": second, "none of it": part}.items():
    try:
        metate.Queue(metate.Context(first), device)
    except ValueError as error:
        said[name] = repr(device) in str(error) and first.filter_string in str(error)
both = metate.Context([first, second])
queues = [metate.Queue(both, device) for device in (first, second)]
said["queues"] = [queue.device is device for queue, device in zip(queues, both.get_devices())]
said["platform"] = [platform.default_context.device_count for platform in metate.get_platforms()]
print(json.dumps(said))
"""


def test_contexts_are_of_one_driver(on_several_devices):
    assert on_several_devices(CONTEXTS) == {
        "of a driver": 3, "of two": [True, True], "of ours": [True, True], "another": True, "none of it": True,
        "queues": [True, True], "platform": [2, 1, 1]}

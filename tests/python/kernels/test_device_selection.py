"""Filter strings and environment variables that choose devices."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import metate
from metate import device_info, device_selector

TILES = [SimpleNamespace(device_type="gpu", name=f"tile {number}", _parts=[]) for number in range(2)]
CPU = SimpleNamespace(device_type="cpu", name="software", _label="level_zero:cpu:0", _parts=[])
GPU = SimpleNamespace(device_type="gpu", name="first", _label="level_zero:gpu:0", _parts=TILES)
GPU2 = SimpleNamespace(device_type="gpu", name="second", _label="level_zero:gpu:1", _parts=[])
DEVICES = [GPU, GPU2, CPU]


@pytest.mark.parametrize("text, expected", [
    ("gpu", GPU), ("cpu", CPU), ("level_zero", GPU), ("level_zero:gpu:1", GPU2), ("2", CPU), ("level_zero:1", GPU2),
    ("opencl:gpu,cpu", CPU), ("gpu:7,gpu:1", GPU2), (":cpu", CPU), ("level_zero::2", CPU), ("*:gpu", GPU),
])
def test_find(text, expected):
    assert device_selector.find(DEVICES, text) is expected


@pytest.mark.parametrize("text, message", [
    ("accelerator", "no device matches 'accelerator'; there are level_zero:gpu:0 \\('first'\\), level_zero:gpu:1"),
    ("gpu:2", "no device matches"),
    ("vulkan:gpu", "'vulkan' is no backend, device type or number"),
    ("cpu:level_zero", "it is backend:device_type:number, in this order"), ("cpu:cpu", "in this order"),
    ("0:0", "in this order"), ("level_zero:cpu:0:0", "in this order"), ("", "in this order"),
])
def test_find_refuses(text, message):
    with pytest.raises(metate.errors.DeviceCreationError, match=message):
        device_selector.find(DEVICES, text)


@pytest.mark.parametrize("selector, expected", [
    ("level_zero:*", DEVICES), ("*:cpu", [CPU]), ("level_zero:gpu", [GPU, GPU2]), ("level_zero:1", [GPU2]),
    ("level_zero:0,2", [GPU, CPU]), ("opencl:*;level_zero:cpu", [CPU]), ("!level_zero:cpu", [GPU, GPU2]),
    ("*:gpu;!level_zero:0", [GPU2]), ("Level_Zero:GPU", [GPU, GPU2]), ("opencl:*", []), ("level_zero:7", []),
    ("level_zero:0.1", TILES[1:]), ("level_zero:*.*", TILES), ("level_zero:gpu.0,cpu", [TILES[0], CPU]), ("level_zero:1.0", []),
])
def test_selector(monkeypatch, selector, expected):
    monkeypatch.setenv("ONEAPI_DEVICE_SELECTOR", selector)
    assert device_selector.visible(DEVICES) == expected


@pytest.mark.parametrize("selector, message", [
    ("gpu", "'gpu' is not backend:devices, for example level_zero:gpu"),
    ("level_zero:tpu", "'tpu' is no device type, number or \\*"), ("level_zero:0.x", "'x' is no device type, number or \\*"),
])
def test_selector_refuses(monkeypatch, selector, message):
    monkeypatch.setenv("ONEAPI_DEVICE_SELECTOR", selector)
    with pytest.raises(ValueError, match=message):
        device_selector.visible(DEVICES)


def test_the_old_variable_works_with_a_warning(monkeypatch):
    monkeypatch.delenv("ONEAPI_DEVICE_SELECTOR", raising=False)
    monkeypatch.setenv("SYCL_DEVICE_FILTER", "level_zero:cpu")
    with pytest.warns(metate.errors.MetateWarning, match="set ONEAPI_DEVICE_SELECTOR instead"):
        assert device_selector.visible(DEVICES) == [CPU]


def run(program, **environment):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ | environment)


def test_users_see_the_warning_of_the_old_variable():
    done = run("import metate; print(metate.select_default_device().device_type)", SYCL_DEVICE_FILTER="level_zero:cpu")
    assert done.stdout == "cpu\n" and done.stderr.count("SYCL_DEVICE_FILTER is deprecated") == 1, done.stderr


NO_DEVICE = """
import metate
print(metate.has_gpu_devices(), metate.has_cpu_devices(), metate.get_num_devices(), metate.get_devices(), metate.get_platforms())
for select in (metate.select_default_device, metate.select_cpu_device, metate.Queue, lambda: metate.zeros(3), metate.Device,
               lambda: metate.select_device_with_aspects("fp64")):
    try:
        select()
    except metate.errors.DeviceCreationError as error:
        print(error)
"""


def test_no_device_is_left():
    lines = run(NO_DEVICE, ONEAPI_DEVICE_SELECTOR="opencl:cpu").stdout.splitlines()
    assert lines[0] == "False False 0 [] []"
    assert len(lines) == 7 and all("ONEAPI_DEVICE_SELECTOR is 'opencl:cpu', which leaves no device" in line for line in lines[1:])


def test_filter_strings_count_what_is_left(monkeypatch):
    shown = [metate.get_devices()[0], SimpleNamespace(device_type="cpu", name="other", _parts=[])]
    monkeypatch.setattr(device_info, "_metate", SimpleNamespace(devices=lambda: shown[::-1]))
    assert shown[0].filter_string == "level_zero:cpu:1" and shown[0].get_device_id() == 1
    monkeypatch.setenv("ONEAPI_DEVICE_SELECTOR", "level_zero:1")
    assert shown[0].filter_string == "level_zero:cpu:0" and shown[0].get_device_id() == 0
    monkeypatch.setenv("ONEAPI_DEVICE_SELECTOR", "level_zero:0")  # does not leave it
    assert shown[0].filter_string == "level_zero:cpu:1"


def test_device_context_takes_devices_and_filters():
    device = metate.get_devices()[0]
    for choice in (device, device.device_type, f"level_zero:{device.device_type}:0"):
        with metate.device_context(choice) as chosen:
            assert chosen is metate.get_current_queue() and chosen.device is metate.get_current_device() is device
    with pytest.raises(TypeError, match="a device is a Device or a filter string"):
        with metate.device_context(3):
            pass


def test_the_environment_chooses_without_touching_the_program():
    done = run("import metate; print(metate.select_default_device().device_type)", ONEAPI_DEVICE_SELECTOR="level_zero:cpu")
    assert done.stdout == "cpu\n", done.stderr


def test_devices_by_kind():
    assert metate.get_num_devices() == len(metate.get_devices()) == metate.get_num_devices("level_zero", "all")
    assert metate.has_cpu_devices() and metate.select_cpu_device().is_cpu
    assert metate.get_devices("opencl") == []
    assert all(device.device_type == "gpu" for device in metate.get_devices(device_type="gpu"))
    with pytest.raises(ValueError, match="'tpu' is no device type"):
        metate.get_devices(device_type="tpu")
    kinds, backends = metate.enums.device_type, metate.enums.backend_type
    assert metate.get_devices(device_type=kinds.automatic) == metate.get_devices()[:1]
    assert metate.get_devices(device_type=kinds.custom) == metate.get_devices(backends.host) == []
    if not metate.has_gpu_devices():
        with pytest.raises(metate.errors.DeviceCreationError, match="no device matches 'gpu'; there are level_zero:cpu"):
            metate.select_gpu_device()


def test_devices_by_aspects():
    assert metate.select_device_with_aspects(["cpu", "fp64"], "gpu").is_cpu
    with pytest.raises(AttributeError, match="'fp128' is no aspect of devices; there are .*fp16, fp64"):
        metate.select_device_with_aspects("fp128")
    with pytest.raises(metate.errors.DeviceCreationError, match="no device has cpu without cpu"):
        metate.select_device_with_aspects("cpu", "cpu")


def test_filter_string_finds_the_device_again():
    for device in metate.get_devices():
        with metate.device_context(device.filter_string) as found:
            assert found.device is device
        assert device.get_filter_string(include_backend=False) == device.filter_string.removeprefix("level_zero:")


def test_lsplatform(capsys):
    shown = []
    for verbosity in range(3):
        metate.lsplatform(verbosity)
        shown.append(capsys.readouterr().out)
    names = [platform.name for platform in metate.get_platforms()]
    device = metate.get_devices()[0]
    assert shown[0].splitlines() == names
    assert names[0] in shown[1] and device.driver_version in shown[1] and "Devices" in shown[1] and device.name not in shown[1]
    assert f"{device.filter_string}: {device.name}" in shown[2] and "Local memory" in shown[2]


def test_lsplatform_refuses():
    with pytest.raises(ValueError, match="verbosity is 0, 1 or 2, not 'all'"):
        metate.lsplatform("all")


def test_devices_are_made_of_filter_strings():
    device = metate.select_default_device()
    assert metate.Device() is metate.Device(None) is metate.Device(device) is device
    assert metate.Device(device.filter_string) is device
    with pytest.raises(metate.errors.DeviceCreationError, match="no device matches 'cpu:99'"):
        metate.Device("cpu:99")
    with pytest.raises(TypeError, match="a device is a Device or a filter string"):
        metate.Device(5)
    assert [part.isdigit() for part in device.driver_version.split(".")] == [True, True, True]

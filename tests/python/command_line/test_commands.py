"""test_commands – the command `metate` in processes of its own, as people call it."""

import json
import os
import platform
import subprocess
import sys

import metate
import numpy as np
import pytest
from metate.command_line import main


def run(*arguments, status=0, **environment):
    """What `metate ARGUMENTS` prints, and what it complains of."""
    done = subprocess.run([sys.executable, "-m", "metate", *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, **environment})
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


def test_help_names_every_command():
    printed, _ = run("--help")
    for command in ("info", "devices", "compile", "explain", "run", "report", "bench"):
        assert f"    {command}" in printed
        assert run(command, "--help")[0].startswith(f"usage: metate {command}")


def test_without_a_command():
    assert run(status=2)[0] == run("--help")[0]


def test_a_command_that_is_none():
    printed, complaint = run("infos", status=2)
    assert printed == "" and "invalid choice: 'infos'" in complaint


def test_version():
    assert run("--version")[0] == metate.build_info()["version"] + "\n"


def test_info():
    found = json.loads(run("info", "--json", METATE_NUM_THREADS="1")[0])
    assert found["versions"]["metate"] == metate.build_info()["version"]
    assert found["versions"]["python"] == platform.python_version()
    assert found["versions"]["numpy"] == np.__version__
    assert found["threads"]["most"] == 1
    assert found["environment"]["METATE_NUM_THREADS"] == "1"
    assert found["devices"][-1]["is_software"]
    assert found["cpu"]["name"] and found["cpu"]["features"]
    text = run("info", METATE_NUM_THREADS="1")[0]
    assert "\033" not in text  # no terminal, no colours
    for part in (metate.build_info()["llvm"], found["cpu"]["name"], "1 of", "level_zero:cpu:0"):
        assert part in text


def test_info_of_another_cpu():
    found = json.loads(run("info", "--json", METATE_CPU_NAME="x86-64", METATE_CPU_FEATURES="+sse2,-avx")[0])
    assert (found["cpu"]["name"], found["cpu"]["features"]) == ("x86-64", ["sse2"])


def test_info_where_the_loader_is_broken(tmp_path):
    """The software device is there all the same."""
    (tmp_path / "libze_loader.so.1").write_text("no library")
    printed, _ = run("info", LD_LIBRARY_PATH=str(tmp_path))
    assert "level_zero:cpu:0" in printed


def test_info_where_there_is_no_device(monkeypatch, capsys):
    """It is the reason that somebody asks for."""
    def fails():
        raise RuntimeError("the driver is gone")

    monkeypatch.setattr(metate._metate, "devices", fails)
    assert main(["info"]) == 0
    assert "none: the driver is gone" in capsys.readouterr().out


def test_devices():
    found = json.loads(run("devices", "--json")[0])
    assert [device["filter_string"] for device in found] == [device.filter_string for device in metate.get_devices()]
    assert json.loads(run("devices", "--json", "--type", "accelerator")[0]) == []
    assert "there is no such device" in run("devices", "--type", "accelerator")[0]
    assert found[-1]["name"] in run("devices")[0]


PROGRAM = """
import sys
import dpctl
import numpy as np
import numba_dpex as dpex
from metate import get_num_threads

@dpex.kernel
def double(item, x):
    i = item.get_id(0)
    x[i] *= 2

x = np.arange(4.0)
dpex.call_kernel(double, dpex.Range(4), x)
print(__name__, sys.argv[1:], x.tolist(), dpctl.select_default_device().filter_string, get_num_threads())
sys.exit(3)
"""


def test_run(tmp_path):
    """The exit status is the program's, and it finds the modules beside it."""
    script = tmp_path / "program.py"
    script.write_text("import beside\n" + PROGRAM)
    (tmp_path / "beside.py").write_text("")
    printed, _ = run("run", "--threads", "1", "--device", "cpu", script, "--json", "a", status=3)
    assert printed.startswith("__main__ ['--json', 'a'] [0.0, 2.0, 4.0, 6.0] level_zero:")
    assert printed.endswith(" 1\n")


def test_run_a_module(tmp_path):
    """As python -m: from the working folder, packages by their __main__, and all that follows is the program's."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "beside.py").write_text("name = __name__")
    for module in ("__main__", "part"):
        (package / f"{module}.py").write_text("from package import beside\nassert beside.name\n" + PROGRAM)
    for name, module in {"package": "__main__", "package.part": "part"}.items():
        done = subprocess.run([sys.executable, "-m", "metate", "run", "--threads", "1", "-m", name, "--device", "a", "-m", "b"],
                              capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 3, done.stderr
        assert done.stdout.startswith("__main__ ['--device', 'a', '-m', 'b'] [0.0, 2.0, 4.0, 6.0] level_zero:")
    (package / "part.py").write_text("import package.nosuch")
    done = subprocess.run([sys.executable, "-m", "metate", "run", "-m", "package.part"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1 and "ModuleNotFoundError: No module named 'package.nosuch'" in done.stderr  # the program's own error


def test_the_command_line_of_dpctl():
    found = json.loads(run("devices", "--json")[0])
    names, long, full = (run("run", "-m", "dpctl", option)[0] for option in ("-s", "--long-list", "-f"))
    assert names and long.startswith(names.splitlines()[0]) and "Devices" in long and long.splitlines() < full.splitlines()
    assert all(device["filter_string"] in full for device in found)
    assert "usage: dpctl" in run("run", "-m", "dpctl")[0]
    assert run("run", "-m", "dpctl", "--version")[0].endswith(f"+metate{metate.__version__}\n")
    for option in ("--includes", "--include-dir", "--cmakedir", "--library"):
        _, complaint = run("run", "-m", "dpctl", option, status=2)
        assert f"{option} is not offered by Metate, which stands in for dpctl here" in complaint


def test_run_with_the_kernel_checker(tmp_path):
    script = tmp_path / "racing.py"
    script.write_text("import numpy as np\nimport numba_dpex as dpex\n\n@dpex.kernel\ndef race(item, x):\n"
                      "    x[0] = item.get_id(0)\n\ndpex.call_kernel(race, dpex.Range(64), np.zeros(1))\n")
    assert run("run", script) == ("", "")
    _, complaint = run("run", "--check", script, status=1)
    assert "KernelCheckError" in complaint and "race" in complaint


@pytest.mark.parametrize(("arguments", "complaint"), [
    (("nosuch.py",), "metate: there is no program 'nosuch.py'\n"),
    ((), "metate: there is no program: name a script, or a module by -m\n"),
    (("-m",), "metate: -m needs the name of a module\n"),
    (("-m", "nosuch.module"), "metate: there is no module 'nosuch.module'\n"),
    (("-m", "numba", "-s"), "metate: the package 'numba' has no __main__ that could be run\n"),
    (("--threads", "0", __file__), "metate: number of threads must be between 1 and "),
    (("--device", "level_zero:gpu:77", __file__), "metate: no device matches 'level_zero:gpu:77'"),
    (("--device", "a:b:c:d", __file__), "metate: cannot read the device filter 'a:b:c:d'"),
])
def test_run_what_cannot_be(arguments, complaint):
    printed, said = run("run", *arguments, status=2)
    assert printed == "" and said.startswith(complaint) and "Traceback" not in said


def test_who_reads_may_go_away():
    """As `metate explain | head -1` does."""
    reader = subprocess.Popen([sys.executable, "-m", "metate", "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    reader.stdout.close()
    assert reader.stderr.read() == b""
    reader.stderr.close()
    assert reader.wait() == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_colours_on_a_terminal():
    def shown(**environment):
        ours, theirs = os.openpty()
        subprocess.run([sys.executable, "-m", "metate", "explain", "MT1002"], stdout=theirs,
                       env={**os.environ, "TERM": "xterm", **environment}, check=True)
        os.close(theirs)
        text = os.read(ours, 100_000)
        os.close(ours)
        return text

    assert b"\033[1mMT1002" in shown()
    assert b"\033" not in shown(NO_COLOR="1")

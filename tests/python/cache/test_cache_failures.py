"""Whatever happens to the folder, programs run, and say at most once that they could not use it."""

import os
import resource
import subprocess

import pytest
from cached_programs import REPORT, Programs

PROGRAM = """
from metate import njit

@njit
def one(x):
    return x + 1

@njit
def two(x):
    return x * 2

def run():
    return [one(1), two(1), one(1.5), two(1.5)]
""" + REPORT
VALUES = [2, 2, 2.5, 3.0]

is_root = os.geteuid() == 0


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path, PROGRAM)


def check(programs, complaint, misses=4, preexec=None, **environment):
    result = programs.run(preexec=preexec, **environment)
    assert result["values"] == VALUES
    assert result["counts"] == {"hits": 4 - misses, "misses": misses, "uncachable": 0}
    assert len(result["warnings"]) == 1
    assert result["warnings"][0].startswith("the cache of compiled code: ") and complaint in result["warnings"][0]


def test_others_may_write_to_the_folder(programs):
    programs.run()
    programs.cache.chmod(0o777)
    check(programs, str(programs.cache))


def test_others_may_write_to_an_entry(programs):
    programs.run()
    for entry in programs.entries()[:2]:
        entry.chmod(0o666)
    check(programs, "others may write to it", misses=2)
    assert programs.run()["counts"]["misses"] == 0  # they were made again


@pytest.mark.skipif(not is_root, reason="only root can give files away")
def test_another_user_owns_an_entry(programs):
    programs.run()
    os.chown(programs.entries()[0], 12345, 12345)
    check(programs, "belongs to another user", misses=1)
    os.chown(programs.cache, 12345, 12345)
    check(programs, "belongs to another user")


def test_links_are_not_followed(programs, tmp_path):
    programs.run()
    entry = programs.entries()[0]
    entry.rename(tmp_path / "elsewhere")
    entry.symlink_to(tmp_path / "elsewhere")
    check(programs, "cannot be read", misses=1)
    assert not entry.is_symlink()


def test_a_file_in_the_place_of_the_folder(programs):
    programs.cache.write_text("text")
    check(programs, str(programs.cache))
    assert programs.cache.read_text() == "text"


def test_there_is_no_home(programs):
    check(programs, "METATE_CACHE_DIR", METATE_CACHE_DIR="", XDG_CACHE_HOME="", HOME="")


def test_the_folder_follows_xdg(programs, tmp_path):
    programs.run(METATE_CACHE_DIR="", XDG_CACHE_HOME=str(tmp_path / "xdg"))
    assert len(list((tmp_path / "xdg" / "metate").glob("*.entry"))) == 4
    programs.run(METATE_CACHE_DIR="", XDG_CACHE_HOME="relative", HOME=str(tmp_path / "home"))
    assert len(list((tmp_path / "home" / ".cache" / "metate").glob("*.entry"))) == 4


def _read_only(folder):
    """Bind mounts hold root up too."""
    if not is_root:
        return folder.chmod(0o500)
    for words in (["--bind", folder, folder], ["-o", "remount,bind,ro", folder]):
        if subprocess.run(["mount", *words], capture_output=True).returncode != 0:
            pytest.skip("cannot mount")


def _writable(folder):
    if is_root:
        subprocess.run(["umount", folder], capture_output=True)
    else:
        folder.chmod(0o700)


def test_a_read_only_folder_gives_what_it_has(programs):
    programs.run()
    programs.change("two(1.5)", "two(2.5)")
    programs.entries()[0].unlink()
    _read_only(programs.cache)
    try:
        result = programs.run()
    finally:
        _writable(programs.cache)
    assert result["counts"]["hits"] == 3 and result["counts"]["misses"] == 1
    assert len(result["warnings"]) == 1 and "cannot write" in result["warnings"][0]


def test_a_read_only_home(programs, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    _read_only(home)
    try:
        check(programs, str(home), METATE_CACHE_DIR="", XDG_CACHE_HOME="", HOME=str(home))
    finally:
        _writable(home)


def test_files_may_not_grow(programs):
    """As on a full disk: the first bytes of an entry can be written, the rest not."""
    check(programs, "cannot write", preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    assert list(programs.cache.iterdir()) == []


@pytest.mark.skipif(not is_root, reason="only root can mount")
def test_a_full_disk(programs):
    programs.cache.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k,mode=0700", "tmpfs", str(programs.cache)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("cannot mount")
    try:
        result = programs.run()
        assert result["values"] == VALUES and result["counts"]["misses"] == 4
        assert len(result["warnings"]) == 1 and "No space left" in result["warnings"][0]
        assert not [name for name in os.listdir(programs.cache) if name.endswith(".tmp")]
    finally:
        subprocess.run(["umount", str(programs.cache)], check=True)


@pytest.mark.parametrize("size", ["much", "-1", "1X", "99999999999999999999"])
def test_a_size_that_is_none(programs, size):
    check(programs, f"METATE_CACHE_SIZE: '{size}' is no size", METATE_CACHE_SIZE=size)
    assert not programs.cache.exists()


def test_the_least_recently_used_go(programs):
    programs.change("[one(1), two(1), one(1.5), two(1.5)]", "[one(1), one(1.5)]")
    programs.run()
    oldest = programs.entries()
    programs.change("[one(1), one(1.5)]", "[one(1), two(1), one(1.5), two(1.5)]")
    programs.run()
    sizes = [entry.stat().st_size for entry in programs.entries()]
    for entry in programs.entries():
        used = 1e9 if entry in oldest else 1.5e9
        os.utime(entry, (used, used))
    programs.change("x + 1", "x + 3")
    limit = sum(sizes) + max(sizes) // 2  # with room for less than one more
    assert programs.run(METATE_CACHE_SIZE=str(limit))["counts"]["hits"] == 2
    assert sum(entry.stat().st_size for entry in programs.entries()) <= limit
    assert not any(entry.exists() for entry in oldest) and len(programs.entries()) == 4
    assert programs.run(METATE_CACHE_SIZE="1K")["values"] == [4, 2, 4.5, 3.0]  # no entry is that small: all are left out


KILLED = """
import os, random, signal, sys, time
import metate
metate.njit(lambda x: x)(1)  # so that children need not set up anything

def function(number):
    return metate.njit(lambda x: x * number + 1)

rounds, random = int(sys.argv[1]), random.Random(int(sys.argv[1]))
for number in range(rounds):
    child = os.fork()
    if child == 0:
        function(number)(2)
        os._exit(0)
    time.sleep(random.random() * 0.04)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

def run():
    kept = metate.cache.info()["entries"]
    values = [function(number)(2) for number in range(rounds)]
    return [values == [2 * n + 1 for n in range(rounds)], kept, metate.cache.verify()]
""" + REPORT


@pytest.mark.parametrize("rounds", [30, pytest.param(1000, marks=pytest.mark.full)])
def test_killed_at_any_instant(tmp_path, rounds):
    """Nothing is lost but the entry being written: all that is there is whole, and is found."""
    result = Programs(tmp_path, KILLED).run(str(rounds))
    right, kept, info = result["values"]
    assert right and result["warnings"] == []
    assert info["damaged"] == 0 and info["entries"] == rounds + 1
    assert result["counts"]["hits"] == kept - 1  # that of the first function is older
    assert result["counts"]["misses"] == rounds + 1 - (kept - 1)

"""files – output that is there as a whole or not at all."""

import contextlib
import os
import shutil
import stat
import tempfile

from ..errors import AheadOfTimeError


class OutputFiles:
    """Files that are written under other names and renamed together, when all of them are there.

    Used as a context: whatever leaves it before `commit`, Ctrl-C too, leaves nothing behind. Errors of the file system become
    AheadOfTimeError.
    """

    def __init__(self, first):
        self._first = first
        self._finished = []  # (where it is, what it will be)
        self._scratch = {}  # by folder of outputs

    def __enter__(self):
        _check_place(self._first)
        self.scratch = self._scratch_beside(self._first)
        return self

    def __exit__(self, kind, error, traceback):
        for folder in self._scratch.values():
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):  # of a temporary file
            raise AheadOfTimeError(f"cannot write {self._first!r}: {error.strerror or error}") from None

    def _scratch_beside(self, path):
        """A folder beside the output: a rename does not go from one file system to another."""
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise AheadOfTimeError(f"there is no folder {folder!r}")
        if folder not in self._scratch:
            try:
                self._scratch[folder] = tempfile.mkdtemp(prefix=".metate-", dir=folder)
            except OSError as error:
                raise AheadOfTimeError(f"cannot write to {folder!r}: {error.strerror}") from None
        return self._scratch[folder]

    def temporary(self, name):
        """The path of a file that goes away again."""
        return os.path.join(self.scratch, name)

    def scratch_file(self, name, data):
        """The path of a temporary file with that content."""
        path = self.temporary(name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def write(self, path, data):
        """`data` becomes the file `path`."""
        made = os.path.join(self._scratch_beside(path), f"{len(self._finished)}.out")
        try:
            with open(made, "wb") as file:
                file.write(data)
        except OSError as error:
            raise AheadOfTimeError(f"cannot write {path!r}: {error.strerror}") from None
        self.add(made, path)

    def add(self, made, path):
        """The file `made`, in the scratch folder beside it, becomes `path`."""
        _check_place(path)
        if os.path.abspath(path) in [os.path.abspath(other) for _, other in self._finished]:
            raise AheadOfTimeError(f"two files would be called {path!r}: give the output another ending, or the header another name")
        self._finished.append((made, path))

    def commit(self):
        """Rename all of them; their paths. If one cannot be renamed, what was there before is there again."""
        before = []  # (where it is kept or None, where it was)
        try:
            for made, path in self._finished:
                before.append((self._keep(path), path))
                os.replace(made, path)
        except BaseException as error:
            for kept, earlier in before:
                with contextlib.suppress(OSError):
                    if kept is not None:
                        os.replace(kept, earlier)
                    else:
                        os.unlink(earlier)
            if isinstance(error, OSError):
                raise AheadOfTimeError(f"cannot write {path!r}: {error.strerror}") from None
            raise
        return [path for _, path in self._finished]

    def _keep(self, path):
        """A second name of what is at `path`, or None if there is nothing."""
        if not os.path.lexists(path):
            return None
        scratch = self._scratch_beside(path)
        kept = os.path.join(scratch, f"{len(os.listdir(scratch))}.before")
        try:
            os.link(path, kept, follow_symlinks=False)
        except OSError:  # file systems without hard links
            shutil.copy2(path, kept, follow_symlinks=False)
        return kept


def _check_place(path):
    """Refuses what must not be replaced by a file: folders, and devices and pipes, such as /dev/stdout, whatever they lead to."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        mode = None  # nothing is there, or no place to look at, which is found out when the file is written
    if mode is not None and stat.S_ISDIR(mode):
        raise AheadOfTimeError(f"cannot write {path!r}: it is a folder")
    leads_away = os.path.islink(path) and os.readlink(path).startswith("/proc/")
    if leads_away or (mode is not None and not stat.S_ISREG(mode)):
        raise AheadOfTimeError(f"cannot write {path!r}: it is no file, and what is written takes the place of one")

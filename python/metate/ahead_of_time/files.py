"""files – output that is there as a whole or not at all."""

import contextlib
import os
import shutil
import tempfile

from ..errors import AheadOfTimeError


class OutputFiles:
    """Files that are written under other names and renamed together, when all of them are there.

    Used as a context: whatever leaves it before `commit`, Ctrl-C too, leaves nothing behind.
    """

    def __init__(self, first):
        self._folder = os.path.dirname(os.path.abspath(first))
        self._finished = []  # (where it is, what it will be)

    def __enter__(self):
        if not os.path.isdir(self._folder):
            raise AheadOfTimeError(f"there is no folder {self._folder!r}")
        try:
            # Beside the output: a rename does not go from one file system to another.
            self.scratch = tempfile.mkdtemp(prefix=".metate-", dir=self._folder)
        except OSError as error:
            raise AheadOfTimeError(f"cannot write to {self._folder!r}: {error.strerror}") from None
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.scratch, ignore_errors=True)

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
        made = self.temporary(f"{len(self._finished)}.out")
        try:
            with open(made, "wb") as file:
                file.write(data)
        except OSError as error:
            raise AheadOfTimeError(f"cannot write {path!r}: {error.strerror}") from None
        self.add(made, path)

    def add(self, made, path):
        """The file `made`, in the scratch folder, becomes `path`."""
        if os.path.isdir(path):
            raise AheadOfTimeError(f"cannot write {path!r}: it is a folder")
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
        kept = self.temporary(f"{len(os.listdir(self.scratch))}.before")
        try:
            os.link(path, kept, follow_symlinks=False)
        except OSError:  # file systems without hard links
            shutil.copy2(path, kept, follow_symlinks=False)
        return kept

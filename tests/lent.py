"""A copy of a package that tests of a process take one after the other, put back after each as it was.

Copying a package anew for each of a thousand tests took a tenth of their time.
"""

import os
import shutil
from pathlib import Path

State = dict[str, tuple[int, ...]]


class Lent:
    """A folder with a copy of a package; whatever lies beside it goes after a test."""

    def __init__(self, source: Path, folder: Path) -> None:
        """Copy a package into a new folder."""
        self.kept, self.folder = folder / "kept", folder / "lent"
        shutil.copytree(source, self.kept)
        self.state = self._copy()

    @property
    def root(self) -> Path:
        """The copy."""
        return self.folder / "package"

    def put_back(self) -> None:
        """Make the folder as it was: files that were written are copied anew; all, where more than files changed."""
        now = _state(self.folder)
        changed = {path for path, state in now.items() if self.state.get(path) != state}
        gone = self.state.keys() - now.keys()
        new = changed - self.state.keys()
        files = not new and all(self._kept(path).is_file() for path in [*gone, *changed])
        if not files or any(now[path][0] != self.state[path][0] for path in changed):
            shutil.rmtree(self.folder, onerror=_writable)
            self.state = self._copy()
            return
        for path in [*gone, *changed]:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._kept(path), self.folder / path)
        if gone or changed:
            self.state = _state(self.folder)

    def _kept(self, path: str) -> Path:
        return self.kept / Path(path).relative_to("package")

    def _copy(self) -> State:
        shutil.copytree(self.kept, self.root)
        return _state(self.folder)


def _state(folder: Path) -> State:
    """Return what tells whether something below a folder was touched: mode, and for files size, time and number."""
    found: State = {}
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            status = os.lstat(os.path.join(above, name))  # noqa: PTH118  (a thousand times)
            touched = () if name in folders else (status.st_size, status.st_mtime_ns, status.st_ino)
            found[os.path.relpath(os.path.join(above, name), folder)] = (status.st_mode, *touched)  # noqa: PTH118
    return found


def _writable(_: object, path: str, __: object) -> None:
    os.chmod(os.path.dirname(path), 0o755)  # noqa: PTH101, PTH120, S103
    shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.remove(path)  # noqa: PTH107, PTH112

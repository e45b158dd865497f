"""The folder a feed lives in: `<name>.xml`, and its pictures in `<name>/`.

The web server serves the folder as it is. Readers never see half a file (written beside it, then
renamed), and no two processes change a feed at once (a lock of the operating system, which a
killed process gives back).
"""

import errno
import fcntl
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..base import Account, ChannelError, CredentialError, OutcomeUnknown, Transient
from ..http import address, text
from ..pictures import Upload
from .atom import Feed

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SET_UP = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR}
_READABLE_BY_ALL = 0o644


class FeedFolder:
    """The feed of one account. `patience`: seconds to wait for another process."""

    def __init__(self, account: Account, patience: float) -> None:
        """Raises CredentialError when the account's name or the server's folder is not set up."""
        if fault := fault_of(account):
            raise CredentialError("setup", "", fault)
        self.address = f"{address(account.extra.get('address')).rstrip('/')}/{account.app_id}"
        self.feed_url = f"{self.address}.xml"
        self._folder = Path(text(account.extra.get("folder")))
        self._file = self._folder / f"{account.app_id}.xml"
        self._pictures = self._folder / account.app_id
        self._lock = self._folder / f".{account.app_id}.lock"
        self._patience = patience

    def read(self) -> Feed:
        """The feed as it stands; an empty one before the first entry."""
        with _told():
            try:
                return Feed.parsed(self._file.read_bytes())
            except FileNotFoundError:
                return Feed.empty(self.feed_url)
            except ValueError as error:
                raise CredentialError(
                    "unreadable",
                    str(error),
                    f"订阅源文件 {self._file.name} 损坏，没有改动它。请技术人员从备份恢复。",
                ) from error

    @contextmanager
    def changing(self, leaving: Collection[str] = ()) -> Iterator[Feed]:
        """The feed, locked; written back at the end unless the block raises.

        Of the pictures in `leaving`, those that no entry shows any more are then deleted.
        """
        with _told():
            self._pictures.mkdir(parents=True, exist_ok=True)
            lock = self._lock.open("w")
        with lock:
            self._wait_for(lock.fileno())
            feed = self.read()
            yield feed
            self._write(feed.to_bytes(), leaving)

    def store(self, picture: Upload) -> str:
        """Keep a copy of a picture, named by its content; the name."""
        name = f"{picture.digest}{Path(picture.filename).suffix}"
        if not self.holds(name):
            with _told():
                self._pictures.mkdir(parents=True, exist_ok=True)
                _replace(self._pictures / name, picture.data)
        return name

    def holds(self, name: str) -> bool:
        """Whether there is a copy of that name."""
        return (self._pictures / name).is_file()

    def try_out(self) -> None:
        """Raises a ChannelError when nothing can be written here, or the feed cannot be read."""
        with _told():
            self._pictures.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        self.read()

    def _wait_for(self, lock: int) -> None:
        end = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if time.monotonic() > end:
                    human = "另一个进程正在改这个订阅源，稍后自动再试。"
                    raise Transient("lock", "", human, retry_after=5) from error
                time.sleep(0.02)

    def _write(self, data: bytes, leaving: Collection[str]) -> None:
        with _told():
            _replace(self._file, data)
        try:
            _sync(self._folder)
            for name in leaving:
                if name.encode() not in data:
                    (self._pictures / name).unlink(missing_ok=True)
        except OSError as error:
            human = "订阅源已改好，但磁盘出错，不知道是否全部存住。系统会先核对。"
            raise OutcomeUnknown("disk", str(error), human) from error


def fault_of(account: Account) -> str:
    """In Chinese, what keeps this account from having a feed; "" when nothing does."""
    if not _NAME.fullmatch(account.app_id):
        return "订阅源名称只能用小写字母、数字和连字符，最多 63 个字。请管理员修改。"
    if not text(account.extra.get("folder")) or not address(account.extra.get("address")):
        return "服务器没有给订阅源设置文件夹和网址。请联系技术人员。"
    return ""


def _replace(file: Path, data: bytes) -> None:
    """Write `data` to `file` at once: whoever reads sees the old or the new, never a part."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(number, "wb") as beside:
            beside.write(data)
            beside.flush()
            os.fchmod(beside.fileno(), _READABLE_BY_ALL)
            os.fsync(beside.fileno())
        os.replace(name, file)
    except BaseException:
        # Also when stopped in the middle: no half file stays. It is raised again.
        Path(name).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _told() -> Iterator[None]:
    """An error of the disk as an error of a channel: nothing has changed yet."""
    try:
        yield
    except OSError as error:
        raise _error_for(error) from error


def _error_for(error: OSError) -> ChannelError:
    code = errno.errorcode.get(error.errno or 0, "EIO")
    if error.errno in _SET_UP:
        human = "订阅源的文件夹不能写。请技术人员检查服务器上文件夹的权限。"
        return CredentialError(code, str(error), human)
    human = "写订阅源时磁盘出错，稍后自动再试。一直不行，请技术人员检查磁盘空间。"
    return Transient(code, str(error), human, retry_after=60)

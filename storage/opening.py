"""Whether a database may be opened at all, and the sentence that says why not."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's list of what is mounted where; other systems have none, and are not asked."""

OVER_THE_NETWORK = (
    "afpfs afs beegfs ceph cifs coda davfs gfs2 glusterfs goofys gpfs juicefs lustre moosefs ncpfs"
    " nfs nfs4 ocfs2 orangefs panfs pvfs2 rclone s3fs smb2 smb3 smbfs sshfs"
)
"""Kinds of disk that another machine can write to: SQLite's locks do not hold there."""


class CannotOpen(RuntimeError):
    """The database cannot be used; its words say what to do about it."""


class InUse(CannotOpen):
    """Another process has this database file open; one file is for one process."""


class OnNetworkDisk(CannotOpen):
    """The file lies where locks do not hold, so that two machines could spoil it."""


class Damaged(CannotOpen):
    """The file is not what was written: a disk fault, or a copy made while it was in use."""


class TooOld(CannotOpen):
    """The PostgreSQL server is older than the releases this is tried on."""


class NoAnswer(CannotOpen):
    """The PostgreSQL server cannot be reached, or does not let us in."""


def claim(path: Path) -> IO[str]:
    """Take a database file for this process alone; the lock is held until it is closed.

    Raises OnNetworkDisk, and InUse where another process was first.
    """
    check_disk(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.fdopen(os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise InUse(
            f"{path.name} is already open in another process. Stop that one first."
        ) from error
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return lock


def check_disk(path: Path) -> None:
    """Raise OnNetworkDisk where a file lies, or would lie, on a network disk."""
    if not MOUNTS.exists():
        return
    kind = kind_of_disk(path, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    if kind.removeprefix("fuse.") in OVER_THE_NETWORK.split():
        raise OnNetworkDisk(
            f"{path.name} is on a network disk ({kind}), where a database file can be spoiled."
            " Put it on a disk of this machine, or use PostgreSQL."
        )


def kind_of_disk(path: Path, mounts: str) -> str:
    """The kind of file system a path lies on, by the lines of mountinfo; "" where none holds it.

    The longest mount point wins, and of two on the same point the later, which hides the other.
    Spaces and the like are written there as a backslash and three octal digits.
    """
    found, longest = "", -1
    for line in mounts.splitlines():
        mount, _, source = line.partition(" - ")
        columns: Sequence[str] = mount.split(" ")
        if len(columns) < 5 or not source:
            continue
        point = PurePosixPath(re.sub(r"\\([0-7]{3})", _character, columns[4]))
        if path.is_relative_to(point) and len(point.parts) >= longest:
            found, longest = source.split(" ")[0], len(point.parts)
    return found


def _character(octal: re.Match[str]) -> str:
    return chr(int(octal[1], 8))

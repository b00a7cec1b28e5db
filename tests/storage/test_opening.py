"""Where a database may not be used, one sentence says so and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage import engines, opening
from storage.database import Database
from storage.families import Family
from storage.opening import NoAnswer, OnNetworkDisk, TooOld, kind_of_disk
from tests.storage.test_database import NOON

MOUNTS = r"""
22 27 0:21 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw shared:1 - xfs /dev/sdb1 rw
31 30 0:41 / /srv/shared rw shared:2 master:1 - nfs4 files:/export rw
32 22 0:42 / /mnt/our\040disk rw - cifs //files/share rw
33 22 0:43 / /home/me/far rw - fuse.sshfs me@far: rw
34 22 0:44 / /twice rw - nfs files:/old rw
35 22 0:45 / /twice rw - ext4 /dev/sdc1 rw
not a line of a mount
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/taf.db", "ext4"),
        ("/srv/taf.db", "xfs"),
        ("/srv/shared/deep/taf.db", "nfs4"),
        ("/srv/shared-not/taf.db", "xfs"),
        ("/mnt/our disk/taf.db", "cifs"),
        ("/home/me/far/taf.db", "fuse.sshfs"),
        ("/twice/taf.db", "ext4"),
    ],
)
def test_the_kind_of_disk_a_file_is_on(path: str, kind: str) -> None:
    assert kind_of_disk(Path(path), MOUNTS) == kind


def run(command: str, database: Path | str) -> Result:
    url = str(database) if "://" in str(database) else f"sqlite:///{database}"
    return CliRunner().invoke(main, [command], env={"DATABASE_URL": url})


def says(found: Result, words: str) -> None:
    lines = [line for line in found.output.splitlines() if words in line]
    assert len(lines) == 1, found.output
    assert found.exit_code == 2
    assert "Traceback" not in found.output


@pytest.mark.parametrize("command", ["work", "check", "migrate"])
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "afs", "ceph", "fuse.glusterfs"])
def test_a_file_on_a_network_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, command: str
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 27 0:21 / / rw - {kind} there rw\n")
    monkeypatch.setattr(opening, "MOUNTS", mounts)
    says(run(command, tmp_path / "deep" / "taf.db"), f"is on a network disk ({kind})")
    assert not (tmp_path / "deep").exists()


def test_a_system_that_lists_no_mounts_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOUNTS", tmp_path / "none")
    opening.check_disk(tmp_path / "taf.db")
    monkeypatch.undo()
    opening.check_disk(tmp_path / "taf.db")


def test_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mounts := tmp_path / "mountinfo").write_text("22 27 0:21 / / rw - nfs4 there rw\n")
    monkeypatch.setattr(opening, "MOUNTS", mounts)
    with pytest.raises(OnNetworkDisk):
        Database(f"sqlite:///{tmp_path / 'deep' / 'taf.db'}")
    assert [one.name for one in tmp_path.iterdir()] == ["mountinfo"]


def no_database(whole: bytes) -> bytes:
    return b"not a database at all " * 1000


def a_page_overwritten(whole: bytes) -> bytes:
    return whole[:8192] + os.urandom(4096) + whole[12288:]


def cut_short(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


@pytest.mark.parametrize("command", ["work", "check", "migrate"])
@pytest.mark.parametrize("spoil", [no_database, a_page_overwritten, cut_short])
def test_a_damaged_file_is_not_started_on(
    file: Database, command: str, spoil: Callable[[bytes], bytes]
) -> None:
    with file.writing() as session:
        session.add_all(Family(reference=f"F-{number}", made_at=NOON) for number in range(500))
    file.close()
    path = Path(str(file.url.database))
    path.write_bytes(spoil(path.read_bytes()))

    says(run(command, path), "taf.db is damaged and cannot be used. Put the last backup in")


def test_a_whole_file_passes(file: Database) -> None:
    file.look_over()


def test_an_old_server_is_refused(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "OLDEST_SERVER", 99)
    url = postgres.url.render_as_string(hide_password=False)
    database = Database(url)
    with pytest.raises(TooOld, match=r"is version \d+. TAF Assistant needs 99 or newer"):
        database.look_over()
    database.close()
    says(run("check", url), "needs 99 or newer")


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    database = Database("postgresql://me:very-secret@127.0.0.1:1/taf")
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1:1/taf does not let us in") as found:
        database.look_over()
    assert "very-secret" not in str(found.value)
    says(run("work", "postgresql://me:very-secret@127.0.0.1:1/taf"), "does not let us in")


def test_what_is_no_address_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="not a database's address") as found:
        Database("postgresql://me:very-secret@host:very-secret/taf")
    assert found.value.__cause__ is None
    assert found.value.__suppress_context__

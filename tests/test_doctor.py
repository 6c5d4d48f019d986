"""What is looked at before a board is opened: each thing that can be wrong is said, and nothing that is well."""

import datetime as dt
import os
import shutil
import socket
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ready_made import copy_of
from test_campaigns import tz  # noqa: F401  (a fixture)

from taizhang.access.audit import Audit
from taizhang.declared.root import ROOT
from taizhang.server import Opening, doctor
from taizhang.showing.papers import typeset
from taizhang.store import disk
from taizhang.store.campaigns import Campaigns

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
posix = pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")


@pytest.fixture
def known(tiny_store, tmp_path) -> Campaigns:
    return Campaigns(copy_of(tiny_store, tmp_path / "data").folder)


def said(found) -> dict[str, str]:
    """What is not well: sentence → state."""
    return {one.said: one.state for one in found if one.state != doctor.GOOD}


def test_a_folder_that_is_well_is_told_in_a_line_each(tz, known, monkeypatch):  # noqa: F811
    monkeypatch.setattr(doctor, "free_to_listen", lambda address, port: True)
    code, out, err = tz("doctor", "--store", known, "--lang", "en")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[-1] == "The board can be opened."
    assert "✓ main: release 3 (as of 2019-10-11) is whole" in lines
    assert "✓ Port 8501 is free" in lines
    assert {line[:2] for line in lines[:-1]} == {"✓ "}


def test_what_stands_in_the_way_ends_with_exit_code_1(tz, known, tmp_path):  # noqa: F811
    (known.folder / "LIVE").unlink()
    code, out, err = tz("doctor", "--store", known, "--certificate", tmp_path / "none.pem", "--lang", "en")
    assert code == 1
    assert "✗ main: the live release is damaged, and release 3 is shown: run taizhang rebuild --campaign main." in out
    assert "✗ --certificate and --key go together." in out
    assert err == "2 things have to be put right first (see ✗).\n"


@pytest.mark.parametrize(
    ("tested", "what"), [("9.9.9", "library_strange"), ("1.66.0", "library_other"), (None, "library")]
)
def test_a_library_is_held_against_the_version_that_was_tested(tested, what):
    one = doctor.library("streamlit", {"streamlit": tested} if tested else doctor._tested_with())
    assert one.said == what
    assert doctor.library("no-such-library", {}).state == doctor.BAD
    assert set(doctor.LIBRARIES) <= set(doctor._tested_with())
    assert (ROOT / "requirements.lock").exists()


def test_a_computer_without_a_chinese_font_makes_no_papers(monkeypatch):
    def none():
        raise typeset.FontsMissing

    monkeypatch.setattr(typeset, "families", none)
    assert said([doctor.papers(), doctor.slides()]) == {"papers_none": doctor.BAD}


# --- the data folder -------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_yet_is_made_later(tmp_path):
    assert said(doctor.folder(tmp_path / "none")) == {"folder_none": doctor.WATCH}
    assert said([doctor.room(tmp_path / "none" / "deeper", [])]) == {}


@posix
def test_accounts_that_others_can_read_are_said(known):
    Audit(known.folder).write("li", "sign_in")
    assert said(doctor.folder(known.folder)) == {}
    (known.folder / "access" / "audit.jsonl").chmod(0o640)
    assert said(doctor.folder(known.folder)) == {"access_open": doctor.BAD}


@posix
def test_a_folder_that_others_may_change_or_nobody_may_is_said(known, monkeypatch):
    known.folder.chmod(0o757)
    assert said(doctor.folder(known.folder)) == {"folder_open": doctor.BAD}
    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", lambda dir: (_ for _ in ()).throw(PermissionError(dir)))
    assert said(doctor.folder(known.folder)) == {"folder_locked": doctor.BAD}


def test_a_release_that_is_not_what_was_published_is_said(known):
    path = disk.path_of(known.folder, 3)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    found, shown = doctor.store("main", known.named("main").store)
    assert (found.said, found.blanks["release"], shown.number) == ("store_damaged", 2, 2)
    shutil.rmtree(known.folder / "releases")
    assert doctor.store("main", known.named("main").store)[0].said == "store_unreadable"


def test_a_campaign_without_a_release_is_well(known):
    assert doctor.store("new", known.new("new").store)[0].said == "store_empty"


def test_a_clock_before_the_last_release_is_said(known):
    live = known.named("main").store.live()
    for seconds, what in ((-1, {"clock_behind": doctor.BAD}), (0, {}), (1, {})):
        assert said([doctor.time([live], live.published_at + dt.timedelta(seconds=seconds))]) == what


def test_room_is_three_times_the_newest_release_and_a_gigabyte(known, monkeypatch):
    live = known.named("main").store.live()
    need = 3 * live.on_disk.stat().st_size + 10**9
    for free, what in ((need, {}), (need - 1, {"room_short": doctor.BAD})):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path, free=free: shutil._ntuple_diskusage(0, 0, free))
        assert said([doctor.room(known.folder, [live])]) == what


# --- the way in ------------------------------------------------------------------------------------------------


def pair(folder: Path, name: str = "board", days: int = 365) -> tuple[Path, Path]:
    """A certificate that ends so many days after `NOW`, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=90))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    files[1].chmod(0o600)
    return files


@pytest.mark.parametrize(
    ("days", "state", "what"),
    [(31, "good", "certificate"), (29, "watch", "certificate"), (-1, "bad", "certificate_over")],
)
def test_a_certificate_is_good_watched_or_over(tmp_path, days, state, what):
    one = doctor.certificate(*pair(tmp_path, days=days), NOW)
    assert (one.state, one.said) == (state, what)


def test_a_certificate_that_is_of_no_use_is_said(tmp_path):
    pem, key = pair(tmp_path)
    other = pair(tmp_path, "other")[1]
    (tmp_path / "text").write_text("no certificate")
    assert doctor.certificate(pem, other, NOW).said == "certificate_no_pair"
    assert doctor.certificate(tmp_path / "text", key, NOW).said == "certificate_no_pair"
    assert doctor.certificate(pem, tmp_path / "none", NOW).said == "certificate_unread"
    assert doctor.certificate(pem, None, NOW).said == "certificate_one"
    assert doctor.certificate(pem, key, NOW - dt.timedelta(days=91)).said == "certificate_early"
    if os.name == "posix":
        key.chmod(0o644)
        assert doctor.certificate(pem, key, NOW).said == "key_open"


def test_a_taken_port_may_be_the_board_and_a_strange_address_is_not_ours():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert said([doctor.port(Opening(port=other.getsockname()[1]))]) == {"port_taken": doctor.WATCH}
    assert said([doctor.port(Opening("192.0.2.1"))]) == {"address_not_ours": doctor.BAD}

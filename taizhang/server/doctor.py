"""Whether a computer is fit to open the board: looked at in seconds, one finding each, with what to do next.

Nothing is changed by it. What it looks at is quick; `taizhang verify` reads every release and file received through.
"""

import datetime as dt
import os
import platform
import re
import shutil
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from cryptography import x509

from taizhang.access.people import People
from taizhang.declared.root import ROOT
from taizhang.server import ADDRESS, Opening, free_to_listen
from taizhang.showing.papers import typeset
from taizhang.store import NoRelease, Release, Store, Unreadable, clock
from taizhang.store.campaigns import Campaigns

OLDEST_PYTHON = (3, 11)
LIBRARIES = ("streamlit", "duckdb", "plotly", "pandas")  # whose versions decide whether the board works
SLIDES = "Microsoft YaHei"  # the face that slides name
SOON = dt.timedelta(days=30)  # a certificate that ends then is said to
SPARE = 1_000_000_000  # bytes that are to be free beside three releases: a draft, its copy, and what a reader uploads
RELEASES = 3

GOOD, WATCH, BAD = "good", "watch", "bad"


@dataclass(frozen=True)
class Finding:
    """`state` is good, watch (the board works, but…) or bad; `said` is the key of its sentence in the words of
    `doctor`, `blanks` what goes into it."""

    state: str
    said: str
    blanks: dict[str, object] = field(default_factory=dict)


def findings(known: Campaigns, opening: Opening | None = None) -> Iterator[Finding]:
    """All that is looked at for a data folder that is to be opened so; one after another, as it is found."""
    opening = opening or Opening()
    yield python()
    for name in LIBRARIES:
        yield library(name, _tested_with())
    yield papers()
    yield slides()
    yield from folder(known.folder)
    releases = []
    for one in known.all():
        found, release = store(one.name, one.store)
        releases += [release] if release else []
        yield found
    yield time(releases, clock.now())
    yield room(known.folder, releases)
    if opening.certificate or opening.key:
        yield certificate(opening.certificate, opening.key, dt.datetime.now(dt.UTC))
    yield port(opening)


# --- the program -----------------------------------------------------------------------------------------------


def python() -> Finding:
    """The version of Python itself."""
    is_new = sys.version_info >= OLDEST_PYTHON
    return Finding(GOOD if is_new else BAD, "python" if is_new else "python_old", {"found": platform.python_version()})


def library(name: str, tested: dict[str, str]) -> Finding:
    """A library against the version that the product was tested with: another main number was never tried."""
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(BAD, "library_missing", {"name": name})
    said = {"name": name, "found": found, "tested": tested.get(name, found)}
    if found == said["tested"]:
        return Finding(GOOD, "library", said)
    is_near = found.split(".")[0] == said["tested"].split(".")[0]
    return Finding(WATCH, "library_other", said) if is_near else Finding(BAD, "library_strange", said)


def _tested_with() -> dict[str, str]:
    """Library → version of `requirements.lock`; nothing where it was taken away."""
    try:
        lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(line.split("==") for line in lines if re.fullmatch(r"[\w.-]+==[\w.]+", line))


def papers() -> Finding:
    """A font that writes Chinese, without which no paper can be made."""
    try:
        return Finding(GOOD, "papers", {"family": typeset.families()[0]})
    except typeset.FontsMissing:
        return Finding(BAD, "papers_none", {"package": typeset.PACKAGE})


def slides() -> Finding:
    """The face of the slides; it is the computer that shows them which needs it."""
    with suppress(typeset.FontsMissing):
        if SLIDES in typeset.families():
            return Finding(GOOD, "slides", {"family": SLIDES})
    return Finding(GOOD, "slides_elsewhere", {"family": SLIDES})


# --- the data folder -------------------------------------------------------------------------------------------


def folder(path: Path) -> Iterator[Finding]:
    """The data folder: whether this user may write to it, others may not, and nobody else reads the accounts."""
    if not path.exists():
        yield Finding(WATCH, "folder_none", {"path": path})
        return
    places = [path, *(one.store.folder for one in Campaigns(path).all())]
    locked = next((one for one in places if not _can_write(one)), None)
    if locked:
        yield Finding(BAD, "folder_locked", {"path": locked})
    elif others := [one for one in places if _mode(one) & 0o002]:
        yield Finding(BAD, "folder_open", {"path": others[0]})
    else:
        yield Finding(GOOD, "folder", {"path": path})
    home = People(path).home
    if home.exists():
        kept = (one for one in home.rglob("*") if one.is_file() and one.suffix != ".lock")  # a lock says nothing
        read = [one for one in (home, *kept) if _mode(one) & 0o077]
        yield Finding(BAD if read else GOOD, "access_open" if read else "access", {"path": home})


def _can_write(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False


def _mode(path: Path) -> int:
    """Who else may do what with it; nobody where the system does not say so by such numbers."""
    return path.stat().st_mode & 0o777 if os.name == "posix" else 0


def store(name: str, one: Store) -> tuple[Finding, Release | None]:
    """The newest release of a campaign: that it is the one `LIVE` names, has its checksum and can be opened."""
    try:
        standing = one.standing()
    except NoRelease:
        return Finding(GOOD, "store_empty", {"name": name}), None
    except (OSError, Unreadable):
        return Finding(BAD, "store_unreadable", {"name": name}), None
    live = standing.live
    said = {"name": name, "release": live.number, "as_of": live.as_of}
    if standing.trouble:
        return Finding(BAD, "store_damaged", said), live
    return Finding(GOOD, "store", said), live


def time(releases: list[Release], now: dt.datetime) -> Finding:
    """The clock (`now` in UTC, without its zone), which cannot be before what was published by it."""
    newest = max((one.published_at for one in releases), default=now)
    said = {"now": f"{now:%Y-%m-%d %H:%M}", "newest": f"{newest:%Y-%m-%d %H:%M}"}
    return Finding(BAD, "clock_behind", said) if newest > now else Finding(GOOD, "clock", said)


def room(path: Path, releases: list[Release]) -> Finding:
    """Free room where the data folder lies, or will: three times its largest newest release, and 1 GB."""
    there = next(one for one in (path.resolve(), *path.resolve().parents) if one.exists())
    free = shutil.disk_usage(there).free
    need = SPARE + RELEASES * max((one.on_disk.stat().st_size for one in releases), default=0)
    said = {"free": f"{free / 1e9:.1f}", "need": f"{need / 1e9:.1f}"}
    return Finding(GOOD, "room", said) if free >= need else Finding(BAD, "room_short", said)


# --- the way in ------------------------------------------------------------------------------------------------


def certificate(pem: Path | None, key: Path | None, now: dt.datetime) -> Finding:
    """The files for an encrypted connection: both there, of each other, and valid at `now` (with its zone)."""
    if pem is None or key is None:
        return Finding(BAD, "certificate_one")
    for path in (pem, key):
        if not path.is_file() or not os.access(path, os.R_OK):
            return Finding(BAD, "certificate_unread", {"path": path})
    try:
        found = x509.load_pem_x509_certificate(pem.read_bytes())
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pem, key, password=lambda: b"")  # never asks anybody
    except (ValueError, ssl.SSLError):
        return Finding(BAD, "certificate_no_pair", {"path": pem, "key": key})
    said = {
        "path": pem,
        "key": key,
        "until": found.not_valid_after_utc.date(),
        "since": found.not_valid_before_utc.date(),
    }
    if now < found.not_valid_before_utc:
        return Finding(BAD, "certificate_early", said)
    if now > found.not_valid_after_utc:
        return Finding(BAD, "certificate_over", said)
    if _mode(key) & 0o004:
        return Finding(BAD, "key_open", said)
    return Finding(WATCH if now > found.not_valid_after_utc - SOON else GOOD, "certificate", said)


def port(opening: Opening) -> Finding:
    """The port: free, or taken by somebody, who may be the board itself."""
    said = {"port": str(opening.port), "address": opening.address or ADDRESS, "url": opening.url}
    try:
        is_free = free_to_listen(opening.address, opening.port)
    except OSError:
        return Finding(BAD, "address_not_ours", said)
    return Finding(GOOD, "port", said) if is_free else Finding(WATCH, "port_taken", said)

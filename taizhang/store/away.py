"""A release that was put away: in the place of its file, what separates it from a later one that stays.

    releases/0007.away     which rows of the later release it shares, in its own order, and the rows that are its alone
    releases/0007.sha256   the checksum of the file that was taken away
    again/0007.duckdb      the release made again of these, for whoever asked for it; swept after a day

Nothing is lost by it: what is made again holds the same rows in the same order under the same declarations, and is
held against the checksum of its rows that was taken before the file went. Weeks are alike, so that some kilobytes
stand for a megabyte. A later release that is put away itself is made again first.
"""

import gzip
import hashlib
import json
import secrets
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from taizhang.declared.tables import all_tables
from taizhang.declared.values import from_text, to_text
from taizhang.store import clock, disk, engine

Texts = tuple[str | None, ...]  # a row, each value as text
Piece = list[int] | dict[str, Texts]  # [first, count] rows of the later release, or {"row": a row of its own}

_one_makes = threading.Lock()


@dataclass(frozen=True)
class Away:
    """What is remembered of a release that was put away: the checksum and size of its file, by whom and when (UTC), the
    later release `beside` that it is told by, a checksum of its rows, and the pieces of each table."""

    release: int
    beside: int
    sha256: str
    bytes: int
    by: str
    at: str
    holds: str
    tables: Mapping[str, Sequence[Piece]]


def put_away(folder: Path, number: int, beside: int, by: str) -> None:
    """Take the file of a release away, once what stands for it is on disk and was read back.

    Raises `engine.Unreadable` when either of the two is not what was published; then nothing is changed.
    """
    path = disk.path_of(folder, number)
    if disk.is_as_written(path) is not True or disk.is_as_written(disk.path_of(folder, beside)) is not True:
        raise engine.Unreadable(f"{path.name}: not what was published")
    own, other = _texts_of(path), _texts_of(disk.path_of(folder, beside))
    pieces = {table: _pieces(rows, other.get(table, ())) for table, rows in own.items()}
    sha256 = (disk.told_checksum(path) or b"").decode("ascii")
    at = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    said = Away(number, beside, sha256, path.stat().st_size, by, at, _sum(own), pieces)
    away = disk.away_path(folder, number)
    disk.write_whole(away, gzip.compress(json.dumps(asdict(said), ensure_ascii=False).encode(), mtime=0))
    if _sum(_put_together(_read(away), other)) != said.holds:
        away.unlink()
        raise engine.Unreadable(f"{away.name}: does not say what {path.name} does")
    _forget_again(folder, number)
    engine.forget(path)
    path.unlink()
    disk.flush_folder(path.parent)


def brought_back(folder: Path, number: int) -> None:
    """The file of the release is in its place again: what stood for it is taken away."""
    disk.away_path(folder, number).unlink(missing_ok=True)
    _forget_again(folder, number)


def is_away(folder: Path, number: int) -> bool:
    """Whether a release was put away; while its file is there too, that counts: a crash came between."""
    return disk.away_path(folder, number).exists() and not disk.path_of(folder, number).exists()


def remembered(folder: Path, number: int) -> Away:
    """What is remembered of a release that was put away. Raises `engine.Unreadable` when it cannot be read."""
    return _read(disk.away_path(folder, number))


def can_be_made(folder: Path, number: int, is_read: bool = True) -> bool:
    """Whether a release that was put away can be made again: no file is made. `is_read`: row by row, not only whether
    what stands for it is whole."""
    try:
        said = remembered(folder, number)
        return not is_read or _sum(_put_together(said, _texts_of(file_of(folder, said.beside)))) == said.holds
    except engine.Unreadable:
        return False


def file_of(folder: Path, number: int) -> Path:
    """The file of a release, made again where it was put away. Raises `engine.Unreadable` when that cannot be."""
    path = disk.path_of(folder, number)
    return path if path.exists() or not is_away(folder, number) else made_again(folder, number)


def made_again(folder: Path, number: int) -> Path:
    """The file of a release that was put away, made again. Raises `engine.Unreadable` when it cannot be."""
    made = disk.path_in(folder / "again", number)
    with _one_makes:  # whoever waited finds it made
        if not (made.exists() and made.with_suffix(".sha256").exists()):
            _make(folder, number, made)
    return made


def _make(folder: Path, number: int, made: Path) -> None:
    said = remembered(folder, number)
    beside = disk.path_of(folder, said.beside)
    if is_away(folder, said.beside):
        beside = disk.path_in(made.parent, said.beside)
        if not beside.exists():
            _make(folder, said.beside, beside)
    disk.make_folder(made.parent)
    half = made.with_name(f"{made.stem}.{secrets.token_hex(4)}.tmp")
    try:
        own_keys = {one.name: (one.key[0], one.own_reference) for one in all_tables().values() if one.own_reference}
        engine.build_like(half, beside, _rows(said, beside), own_keys)
        if _sum(_texts_of(half)) != said.holds:
            raise engine.Unreadable(f"{half.name}: not what was put away as release {number}")
        disk.write_checksum(made, half)
        engine.rename(half, made)
    finally:
        engine.forget(half)
        half.unlink(missing_ok=True)


def _rows(said: Away, beside: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of a release that was put away, table by table; those it shares as the later one has them."""
    found: dict[str, list[dict[str, object]]] = {}
    for table, kinds in engine.types_of(beside).items():
        shared, rows = engine.rows_of(beside, table), []
        for piece in said.tables.get(table, ()):
            if isinstance(piece, dict):
                values = (from_text(kind, text) for kind, text in zip(kinds.values(), piece["row"], strict=True))
                rows.append(dict(zip(kinds, values, strict=True)))
            else:
                rows += shared[piece[0] : sum(piece)]
        found[table] = rows
    return found


def _texts_of(path: Path) -> dict[str, list[Texts]]:
    """Every row of a file, table by table in the order of their names, as text. Raises `engine.Unreadable`."""
    tables = sorted(engine.structure_of(path))
    return {table: [tuple(map(to_text, row.values())) for row in engine.rows_of(path, table)] for table in tables}


def _sum(texts: Mapping[str, Iterable[Texts]]) -> str:
    digest = hashlib.sha256()
    for table, rows in texts.items():
        digest.update(f"{table}\n".encode())
        for row in rows:
            digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _pieces(own: Iterable[Texts], other: Sequence[Texts]) -> list[Piece]:
    """Rows as runs of those of the later release and rows of their own, in their order."""
    places = {row: place for place, row in reversed(list(enumerate(other)))}
    pieces: list[Piece] = []
    for row in own:
        place = places.get(row)
        if place is None:
            pieces.append({"row": row})
        elif pieces and isinstance(pieces[-1], list) and sum(pieces[-1]) == place:
            pieces[-1][1] += 1
        else:
            pieces.append([place, 1])
    return pieces


def _put_together(said: Away, other: Mapping[str, Sequence[Texts]]) -> dict[str, list[Texts]]:
    found: dict[str, list[Texts]] = {}
    for table, pieces in said.tables.items():
        found[table] = rows = []
        for piece in pieces:
            rows += [tuple(piece["row"])] if isinstance(piece, dict) else other[table][piece[0] : sum(piece)]
    return found


def _read(path: Path) -> Away:
    try:
        return Away(**json.loads(gzip.decompress(path.read_bytes())))
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        raise engine.Unreadable(f"{path.name}: not as it was written") from error


def _forget_again(folder: Path, number: int) -> None:
    made = disk.path_in(folder / "again", number)
    engine.forget(made)
    for path in (made, made.with_suffix(".sha256")):
        path.unlink(missing_ok=True)

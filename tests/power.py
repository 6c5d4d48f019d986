"""Every disk that a power cut could leave behind during an act, and whether the store on it is whole.

    python tests/power.py                    every act, both models, figures; minutes
    python tests/power.py publish undo       these acts only
    python tests/power.py --fault flush      with a wait for the disk left out: bad disks are to be found
    python tests/power.py --faults           each of the faults

The act runs once, in a process of its own, under `strace`. What it did to names and bytes is then cut at every step,
and for every cut each disk is made that a file system may legally leave (ALICE, OSDI 2014): names and bytes that nobody
had waited for may be there or not. Model `ordered`: names reach the disk in the order they were made, as on the
journalling file systems in use. Model `weak`: in any order. Bytes nobody waited for are there, are missing, or are
there by half.

A disk is bad when the store does not open, `verify` finds damage, neither the release before nor the one after is live,
the one after is not live though the act had returned, or the release before is not what it was. Drafts are nobody's:
what a cut leaves of them is not looked at.

Another act is a line in ACTS; another fault a line in FAULTS.
"""

import argparse
import datetime as dt
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
from taizhang.exhibits.views import Choices, look  # noqa: E402
from taizhang.rows.ledgers import LedgerFile, Row  # noqa: E402
from taizhang.showing import meetings, upkeep  # noqa: E402
from taizhang.store import Note, Store, disk, engine, in_use, publishing, releases, sweeping  # noqa: E402
from taizhang.store import upkeep as store_upkeep  # noqa: E402
from taizhang.store.standing import in_force  # noqa: E402
from taizhang.uploads import shipped  # noqa: E402

STORE = Path("office") / "store"  # in the folder that is watched: the store's own folder is made during one act
MODELS = ("ordered", "weak")
TRACED = (
    "openat,write,pwrite64,writev,pwritev,ftruncate,sendfile,copy_file_range,fsync,fdatasync,"
    "rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir"
)


# --- acts ------------------------------------------------------------------------------------------------------


def publish(store: Store) -> None:
    """One changed cell, as a clerk would hand it in."""
    live = store.live()
    key = min(live.rows()["action"])
    percent = (live.rows()["action"][key]["percent"] or 0) + 1
    file = LedgerFile("action", "周报.csv", b"%d" % percent, "UTF-8", (Row(2, {"action_id": key, "percent": percent}),))
    store.publish([file], Note("甲", live.as_of + dt.timedelta(days=7), "周报", "Week"), live.number)


def first(store: Store) -> None:
    shipped.init(store, "article")


def restate(store: Store) -> None:
    """One changed cell of the day before the newest one, which is restated too."""
    live = store.live()
    earlier = sorted(in_force(live))[-2]
    key = min(live.rows()["action"])
    file = LedgerFile("action", "更正.csv", b"c", "UTF-8", (Row(2, {"action_id": key, "blocker": "更正"}),))
    store.publish([file], Note("甲", earlier, "更正", "Correction"), live.number)


def undo(store: Store) -> None:
    live = store.live()
    store.take_back(live.number, Note("甲", live.as_of, "撤销", "Undone"))


def open_a_meeting(store: Store) -> None:
    view = look(store, Choices())
    promises = (meetings.Commitment("月底前办结", "一科", view.as_of + dt.timedelta(days=30)),)
    one = meetings.prepare(view, meetings.next_id(store), "推进会", view.as_of)
    meetings.save(store, meetings.replace(one, commitments=promises))


def seal(store: Store) -> None:
    (one,) = meetings.open_meetings(store)
    meetings.finish(store, one, "办公室")


def leave_something_behind(store: Store) -> None:
    for number in range(2):
        draft = disk.path_in(publishing.draft_place(store.folder), (store.live_number() or 0) + 1)
        draft.write_bytes(b"left behind")
        in_use.let_go(draft.parent)
        os.utime(draft.parent, (number, number))


def sweep(store: Store) -> None:
    sweeping.sweep(store.folder)


def rebuild(store: Store) -> None:
    upkeep.rebuild(store)


@dataclass(frozen=True)
class Act:
    """What is done to a store: `before` is done to it first, unwatched; None stands for no store at all.

    `brings`: how many releases. `finds`: what must be so once the act returned, besides the number of the live release.
    """

    do: Callable[[Store], object]
    before: Callable[[Store], object] | None = lambda store: None
    brings: int = 0
    finds: Callable[[Store], bool] = lambda store: True


ACTS: Mapping[str, Act] = {
    "init": Act(first, before=None, brings=1),
    "publish": Act(publish, brings=1),
    "restate": Act(restate, brings=2),
    "undo": Act(undo, brings=1),
    "seal": Act(seal, open_a_meeting, brings=1, finds=lambda store: not meetings.open_meetings(store)),
    "sweep": Act(sweep, leave_something_behind),
    "rebuild": Act(rebuild),
}


# --- faults, to see them found ---------------------------------------------------------------------------------


def _nothing(*_: object) -> None:
    pass


def _in_no_order(folder: Path, drafts: list[Path], numbers: list[int]) -> None:
    """LIVE moves before the file has its name."""
    (draft,), (number,) = drafts, numbers
    disk.make_folder(folder / "releases")
    disk.announce(folder, number, number)
    publishing.reopen(draft)
    disk.flush(draft)
    disk.write_checksum(disk.path_of(folder, number), draft)
    disk.move_live(folder, number)
    os.replace(draft, disk.path_of(folder, number))
    publishing.reopen(disk.path_of(folder, number))


def _written_in_place(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        os.fsync(file.fileno())
    disk.flush_folder(path.parent)


def _without_a_wait(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_bytes(data)
    os.replace(temporary, path)
    disk.flush_folder(path.parent)


def _both_at_once(new: Path, old: Path) -> None:
    disk.flush(new)
    os.replace(new, old)
    os.replace(new.with_suffix(".sha256"), old.with_suffix(".sha256"))
    disk.flush_folder(old.parent)


# Name → the act in which it shows, the module and the function, and what is done instead.
FAULTS: Mapping[str, tuple[str, object, str, Callable]] = {
    "flush": ("publish", disk, "flush", _nothing),
    "flush_folder": ("publish", disk, "flush_folder", _nothing),
    "folders": ("init", disk, "make_folder", lambda folder: folder.mkdir(parents=True, exist_ok=True)),
    "write": ("publish", disk, "write_whole", _without_a_wait),
    "in_place": ("publish", disk, "write_whole", _written_in_place),
    "order": ("publish", publishing, "_go_live", _in_no_order),
    "announce": ("publish", disk, "announce", _nothing),
    "two_files": ("rebuild", disk, "replace_release", _both_at_once),
    "discard": ("seal", disk.Shelf, "remove", lambda shelf, name: shelf._path(name).unlink()),
}


# --- one act, watched ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What one call of the system did: to a name (made, moved, gone) or to the bytes of a file (written, synced)."""

    what: str  # create, write, sync, sync_folder, move, mkdir, gone, ack
    name: str = ""
    to: str = ""


@dataclass(frozen=True)
class Watched:
    """An act as it was watched: the disk before it, its steps, and the bytes of every file that was moved or stayed."""

    act: Act
    folder: Path
    steps: tuple[Step, ...]
    syncs: int
    number: int | None  # of the live release before

    @property
    def base(self) -> Path:
        return self.folder / "base"


def watched(name: str, scratch: Path, start: Store, fault: str | None = None) -> Watched:
    """Do an act on a copy of a store, in a process of its own, and write down what reaches the disk when."""
    act, base, here = ACTS[name], scratch / "base", scratch / "here"
    base.mkdir(parents=True)
    (scratch / "kept").mkdir()
    number = None
    if act.before is not None:
        store = Store(base / STORE)
        shutil.copytree(start.folder, store.folder)
        act.before(store)
        number = store.live_number()
        engine._close_all()
    shutil.copytree(base, here, copy_function=shutil.copy2)
    said = [sys.executable, __file__, "--do", name, str(here), *(["--fault", fault] if fault else [])]
    trace = scratch / "trace"
    told = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-y", "-s", "24", "-e", f"trace={TRACED}", "-o", str(trace), *said],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if told.returncode:
        raise RuntimeError(told.stderr)
    steps = tuple(_steps(trace, here))
    return Watched(act, scratch, steps, sum(one.what.startswith("sync") for one in steps), number)


def do(name: str, here: Path, fault: str | None) -> None:
    """In the watched process: the act, between two marks; every file is kept under the number of its move."""
    moves, replace = itertools.count(), os.replace

    def kept_and_moved(source: Path, target: Path) -> None:
        os.link(source, here.parent / "kept" / f"{next(moves)}")
        replace(source, target)

    if fault:
        _, owner, function, instead = FAULTS[fault]
        setattr(owner, function, instead)
    store = Store(here / STORE)
    os.replace = kept_and_moved
    os.write(2, b"MARK start\n")
    ACTS[name].do(store)
    os.write(2, b"MARK ack\n")


_CALL = re.compile(r"\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)\)\s+= (-?\d+)")
_FILE = re.compile(r"^\d+<([^>]*)>")
_NAMED = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"')
_BYTES = {"write", "pwrite64", "writev", "pwritev", "ftruncate", "sendfile"}


def _steps(trace: Path, root: Path) -> Iterator[Step]:
    began, open_calls = False, {}
    for line in trace.read_text(errors="replace").splitlines():
        process = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            open_calls[process] = line.removesuffix("<unfinished ...>").rstrip()
            continue
        if "resumed>" in line:
            line = open_calls.pop(process, "") + line.partition("resumed>")[2]
        found = _CALL.match(line)
        if not found or found[3].startswith("-"):
            continue
        call, said = found[1], found[2]
        if call == "write" and '"MARK ' in said:
            if "MARK ack" in said:
                yield Step("ack")
                return
            began = True
        elif began:
            yield from _step(call, said, root)


def _step(call: str, said: str, root: Path) -> Iterator[Step]:
    if call in _BYTES or call in ("fsync", "fdatasync"):
        path = _within(_FILE.match(said)[1].removesuffix(" (deleted)"), root) if _FILE.match(said) else None
        if path is not None:
            is_folder = call not in _BYTES and (root / path).is_dir()
            yield Step("write" if call in _BYTES else "sync_folder" if is_folder else "sync", path)
        return
    if call == "copy_file_range":
        path = _within(re.findall(r"\d+<([^>]*)>", said)[1], root)
        if path is not None:
            yield Step("write", path)
        return
    named = [_within(str(Path(folder or "/") / name), root) for folder, name in _NAMED.findall(said)]
    if not named or named[0] is None:
        return
    if call == "openat" and "O_CREAT" in said:
        yield Step("create", named[0], "empty" if "O_TRUNC" in said else "")
    elif call.startswith("rename"):
        yield Step("move", named[0], named[1] or "")
    elif call.startswith("mkdir"):
        yield Step("mkdir", named[0])
    elif call in ("unlink", "unlinkat", "rmdir"):
        yield Step("gone", named[0])


def _within(path: str, root: Path) -> str | None:
    return os.path.relpath(path, root) if path.startswith(f"{root}/") or path == str(root) else None


# --- every disk a cut could leave ------------------------------------------------------------------------------

Names = Mapping[str, tuple[str, str]]  # name → (file, "all", "none" or "torn"); a folder is ("", "")


@dataclass
class _Cache:
    """What the system had promised up to a step: names on disk, names not yet waited for, files not yet waited for."""

    names: dict[str, str] = field(default_factory=dict)  # as programs see it: name → file
    durable: dict[str, str] = field(default_factory=dict)
    pending: list[tuple[Step, str]] = field(default_factory=list)  # what was done to a name, and the file it is of
    dirty: set[str] = field(default_factory=set)

    def take(self, step: Step, new: Iterator[int], moves: Iterator[int], kept: dict[str, str]) -> None:
        name = step.name
        if step.what == "create" and name not in self.names:
            self.names[name] = f"new {next(new)}"
            self.pending.append((step, self.names[name]))
        elif step.what == "create" and step.to == "empty":  # written over where it stands
            self.dirty.add(self.names[name])
        elif step.what == "mkdir":
            self.names[name] = ""
            self.pending.append((step, ""))
        elif step.what == "write" and name in self.names:
            self.dirty.add(self.names[name])
        elif step.what == "sync":
            self.dirty.discard(self.names.get(name, ""))
        elif step.what == "sync_folder":
            here = [one for one in self.pending if name in {_parent(one[0].name), _parent(one[0].to)}]
            for one in here:
                _apply(self.durable, *one)
            self.pending = [one for one in self.pending if one not in here]
        elif step.what == "move":
            file = self.names.pop(name)
            kept.setdefault(file, f"kept/{next(moves)}")
            self.names[step.to] = file
            self.pending.append((step, file))
        elif step.what == "gone" and name in self.names:
            self.pending.append((step, self.names.pop(name)))


def _parent(name: str) -> str:
    return str(Path(name).parent)


def _apply(names: dict[str, str], step: Step, file: str) -> None:
    if step.what == "move":
        if names.get(step.name) == file:
            del names[step.name]
        names[step.to] = file
    elif step.what == "gone":
        names.pop(step.name, None)
    else:
        names[step.name] = file


def disks(seen: Watched, model: str) -> Iterator[tuple[Names, Mapping[str, str], bool, Step | None]]:
    """Every disk: its names, where the bytes of each file are kept, whether the act had returned, the step before."""
    cache, kept, known, is_over = _Cache(), {}, set(), False
    for path in sorted(seen.base.rglob("*")):
        name = path.relative_to(seen.base).as_posix()
        file = "" if path.is_dir() else f"old {name}"
        cache.names[name] = cache.durable[name] = file
        kept[file] = f"base/{name}"
    new, moves = itertools.count(), itertools.count()
    for step in (None, *seen.steps):
        if step is not None:
            cache.take(step, new, moves, kept)
            is_over |= step.what == "ack"
        for chosen in _choices(cache.pending, model):
            names = dict(cache.durable)
            for one in chosen:
                _apply(names, *one)
            there = {name: file for name, file in names.items() if _is_looked_at(name) and _has_folder(name, names)}
            for state in _states(sorted(cache.dirty & set(there.values()))):
                found = {name: (file, state.get(file, "all")) for name, file in there.items()}
                mark = (tuple(sorted(found.items())), is_over)
                if mark not in known:
                    known.add(mark)
                    yield found, kept, is_over, step


def _choices(pending: Sequence, model: str) -> Iterator[Sequence]:
    """Which of the names nobody waited for reached the disk."""
    if model == "weak" and len(pending) <= 7:
        for count in range(len(pending) + 1):
            yield from itertools.combinations(pending, count)
        return
    yield from (pending[:count] for count in range(len(pending) + 1))
    if model == "weak":  # too many to try every choice: each alone, and all but each
        for place in range(len(pending)):
            yield pending[place : place + 1]
            yield [*pending[:place], *pending[place + 1 :]]


def _states(dirty: Sequence[str]) -> Iterator[dict[str, str]]:
    """What became of the bytes nobody waited for, file by file where they are few."""
    kinds = ("all", "none", "torn")
    if len(dirty) <= 2:
        yield from (dict(zip(dirty, state, strict=True)) for state in itertools.product(kinds, repeat=len(dirty)))
    else:
        yield from (dict.fromkeys(dirty, kind) for kind in kinds)


@cache
def _is_looked_at(name: str) -> bool:
    return not re.search(r"/drafts/|/rebuilding-|\.lock$|\.tmp$", name)


def _has_folder(name: str, names: Mapping[str, str]) -> bool:
    return all(names.get(above) == "" for above in _folders_above(name))


@cache
def _folders_above(name: str) -> tuple[str, ...]:
    return tuple(str(above) for above in Path(name).parents if str(above) != ".")


# --- is the store on it whole? ---------------------------------------------------------------------------------


@dataclass
class Found:
    """What an act came to under a model: how many disks, and what was wrong with those that were bad."""

    act: str
    model: str
    syncs: int = 0
    steps: int = 0
    disks: int = 0
    verdicts: Counter = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def bad(self) -> int:
        return sum(count for said, count in self.verdicts.items() if said not in ("before", "after"))


def tried(name: str, seen: Watched, model: str, most: int | None = None, is_to_go_on: bool = False) -> Found:
    """Make the disks, one after another, and look at each; `most`: evenly spread over them, no more than so many.

    `is_to_go_on`: on every disk something is published, too.
    """
    found = Found(name, model, seen.syncs, len(seen.steps))
    all_disks = list(disks(seen, model))
    every = max(1, -(-len(all_disks) // most)) if most else 1
    with _looking_once(), tempfile.TemporaryDirectory(dir=seen.folder) as scratch:
        for count, (names, kept, is_over, step) in enumerate(all_disks):
            if count % every and not is_over:
                continue
            folder = Path(scratch) / f"{count}"
            _made(folder, names, kept, seen, is_to_go_on)
            verdict = _verdict(Store(folder / STORE), seen, is_over, is_to_go_on)
            found.disks += 1
            found.verdicts[verdict] += 1
            torn = [f"{name} {state}" for name, (_, state) in names.items() if state not in ("", "all")]
            found.examples.setdefault(verdict, f"after {step and (step.what, step.name, step.to)}, bytes {torn}")
            engine._close_all()
            releases.forget_opened()
            shutil.rmtree(folder)
    return found


def _made(folder: Path, names: Names, kept: Mapping[str, str], seen: Watched, is_to_be_written: bool) -> None:
    folder.mkdir()
    for name, (file, state) in sorted(names.items()):
        path = folder / name
        if not file:
            path.mkdir()
            continue
        source = seen.folder / kept.get(file, f"here/{name}")
        if not source.exists():  # written in place and gone again: only a fault does that
            path.touch()
        elif state == "all" and not is_to_be_written:
            os.link(source, path)  # releases are only read
        else:
            data = source.read_bytes()
            path.write_bytes(data[: {"all": len(data), "torn": len(data) // 2, "none": 0}[state]])


def _verdict(store: Store, seen: Watched, is_over: bool, is_to_go_on: bool) -> str:
    after = (seen.number or 0) + seen.act.brings
    try:
        number = store.live_number()
        if number is None and seen.number is None and not is_over:
            if store.exists and is_to_go_on:
                shipped.init(store, "article")
            return "before"
        if number not in {seen.number, after}:
            return f"release {number} is live"
        if is_over and number != after:
            return "it had returned, but is not there"
        if is_over and not seen.act.finds(store):
            return "it had returned, but not all of it is there"
        store.standing()
        damage = sorted({one.what for one in upkeep.verify(store)})
        if damage:
            return f"damage: {', '.join(damage)}"
        if is_to_go_on:
            publish(store)
            if store.live_number() != number + 1 or upkeep.verify(store):
                return "nothing could be published on it"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).replace(str(store.folder), '')}"
    return "after" if number == after else "before"


@contextmanager
def _looking_once() -> Iterator[None]:
    """Look into a file once, under however many names it stands on however many disks: most are the same file."""
    looked: dict[tuple, object] = {}

    def once(owner: object, name: str) -> Callable[[], None]:
        real = getattr(owner, name)

        def remembered(path: Path, *more: object) -> object:
            stat = path.stat()
            key = (name, stat.st_ino, stat.st_size, stat.st_mtime_ns, more)
            if stat.st_nlink == 1:
                return real(path, *more)
            if key not in looked:
                looked[key] = real(path, *more)
            return looked[key]

        setattr(owner, name, remembered)
        return lambda: setattr(owner, name, real)

    undone = [once(store_upkeep, "_structural_damage"), once(disk, "sha256_of")]
    try:
        yield
    finally:
        for one in undone:
            one()


def main() -> None:
    from conftest import build_tiny

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("acts", nargs="*", help=f"of {', '.join(ACTS)}; left out, all")
    parser.add_argument("--fault", choices=FAULTS)
    parser.add_argument("--faults", action="store_true", help="each of them, one after another")
    parser.add_argument("--go-on", action="store_true", help="publish on every disk too; takes hours")
    parser.add_argument("--do", nargs=2, metavar=("ACT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.do:
        do(options.do[0], Path(options.do[1]), options.fault)
        return
    asked = [(name, options.fault) for name in options.acts or ACTS]
    if options.fault or options.faults:
        asked = [(FAULTS[fault][0], fault) for fault in FAULTS if options.faults or fault == options.fault]
    print(
        f"{'act':<28}{'model':<9}{'syncs':>6}{'steps':>7}{'disks':>7}{'before':>8}{'after':>7}{'bad':>6}{'seconds':>9}"
    )
    with tempfile.TemporaryDirectory() as scratch:
        start = build_tiny(Store(Path(scratch) / "tiny"))
        results = [
            _shown(name, fault, Path(scratch) / f"{name} {fault}", start, options.go_on) for name, fault in asked
        ]
    # a fault has to be found under one of the models; without a fault nothing may be bad under any
    as_it_should = all(any(bad) if fault else not any(bad) for bad, (_, fault) in zip(results, asked, strict=True))
    sys.exit(0 if as_it_should else 1)


def _shown(name: str, fault: str | None, scratch: Path, start: Store, is_to_go_on: bool) -> list[int]:
    """Watch an act and print what it came to; the number of bad disks under each model."""
    seen, bad = watched(name, scratch, start, fault), []
    for model in MODELS:
        began = time.monotonic()
        one = tried(name, seen, model, is_to_go_on=is_to_go_on)
        bad.append(one.bad)
        print(
            f"{name + (f' without {fault}' if fault else ''):<28}{model:<9}{one.syncs:>6}{one.steps:>7}{one.disks:>7}"
            f"{one.verdicts['before']:>8}{one.verdicts['after']:>7}{one.bad:>6}{time.monotonic() - began:>9.0f}",
            flush=True,
        )
        for said, count in one.verdicts.most_common():
            if said not in ("before", "after"):
                print(f"    {count} × {said}, e.g. {one.examples[said]}")
    shutil.rmtree(scratch)
    return bad


if __name__ == "__main__":
    main()

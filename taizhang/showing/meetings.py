"""Review meetings: the script to present, what was promised, and the capsule a finished meeting becomes.

An open meeting is a small file in the store, `meetings/<id>.json`, written whole at every step, so that neither a
closed window nor a crash loses a word. Finishing it makes the file a capsule: kept under its SHA-256 like any
received file, it brings its rows of the ledgers `meeting` and `commitment` in a release of its own. The capsule names
the releases that were shown; they never change, so the meeting can be shown again as it was.

What a meeting shows is moved by `take`, `show_day` and `compare_with`, and by nothing else. Each is told what the page
showed when it was asked for, and does nothing for a page that shows something else than what is kept; so does `finish`.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import Language, language
from taizhang.exhibits.beginning import says_something
from taizhang.exhibits.parts_of_campaign import has_exhibit
from taizhang.exhibits.views import Choices, View, default_comparison, look, pinned
from taizhang.showing.meeting_files import (
    Commitment,
    Correction,
    Meeting,
    NotAMeeting,
    OtherVersion,
    ScriptLine,
    files_of,
    has_checksum,
    loaded,
    written,
)
from taizhang.store import Note, Release, Shelf, SomeonePublished, Standing, Store, Unreadable

READING = "meeting"  # how the file of a meeting is read, in the record of received files
_TRIES = 5
_LONGEST_ID = 40  # letters; a correction is kept under the ID and a little more
_PIN = ("release", "as_of", "compared", "compare_on")
_SEEN = ("title", "held_on", "release", "as_of", "compared", "compare_on", "script")


class NoSuchMeeting(Exception):
    """There is no meeting of that ID; carries the ID."""


class _NotHere(NotAMeeting):
    """A meeting on a release that this store does not have: its file came from another one; carries the number."""


class NotAsShown(Exception):
    """A meeting is kept otherwise than the page showed it; carries the `Difference`s. Nothing was changed."""

    def __init__(self, differences: tuple["Difference", ...]):
        self.differences = differences
        super().__init__(", ".join(one.what for one in differences))

    def said(self, t: Language) -> str:
        """What differs, in words; of a comparison the day, which says more than the number of its release."""
        is_named = any(one.what == "compare_on" for one in self.differences)
        told = (one for one in self.differences if not (is_named and one.what == "compared"))
        return t("meeting.differs_and").join(one.said(t) for one in told)


class CorrectedMeanwhile(Exception):
    """The capsule that a correction was to take the place of is in force no more; carries the meeting's ID."""


@dataclass(frozen=True)
class Difference:
    """Something in which a meeting is kept otherwise than it was shown: title, release, as_of, script …"""

    what: str
    shown: object
    kept: object

    def said(self, t: Language) -> str:
        """版本：页面上是 5，保存的是 6"""
        if self.what == "script":
            return t("meeting.differs_script", shown=len(self.shown), kept=len(self.kept), place=self._first())
        shown, kept = (_in_words(one, t) for one in (self.shown, self.kept))
        return t(f"meeting.differs_{self.what}", shown=shown, kept=kept)

    def _first(self) -> int:
        """The first slide, from 1, that is not the same."""
        pairs = zip(self.shown, self.kept, strict=False)
        same = next((place for place, (one, other) in enumerate(pairs) if one != other), None)
        return 1 + (min(len(self.shown), len(self.kept)) if same is None else same)


def _in_words(value: object, t: Language) -> str:
    if value is None:
        return t("frame.compare_none")
    return t.day(value) if isinstance(value, dt.date) else str(value)


# The order of a review meeting (promises first, exceptions before averages): research on review meetings, 2.8.
DEFAULT_SCRIPT = (
    ScriptLine(("meeting.cover",)),
    ScriptLine(("meeting.promises",)),
    ScriptLine(("overview.headline", "rectification.burn_down")),
    ScriptLine(("overview.strands",)),
    ScriptLine(("meeting.changes", "meeting.moved")),
    ScriptLine(("rectification.by_type",)),
    ScriptLine(("rectification.due",)),
    ScriptLine(("meeting.decisions",)),
    ScriptLine(("research.map",)),
    ScriptLine(("research.to_visit",)),
    ScriptLine(("review.funnel",), when_empty="leave_out"),
    ScriptLine(("research.handling",)),
    ScriptLine(("meeting.results", "meeting.result_list")),
    ScriptLine(("meeting.next_steps",)),
    ScriptLine(("meeting.definitions",)),
)


def usual_script(view: View) -> tuple[ScriptLine, ...]:
    """The usual script without what has nothing to do with the campaign on screen, or nothing to say yet."""
    kept = (
        replace(
            line,
            exhibits=tuple(name for name in line.exhibits if has_exhibit(view, name) and says_something(view, name)),
        )
        for line in DEFAULT_SCRIPT
    )
    return tuple(line for line in kept if line.exhibits)


def prepare(view: View, meeting_id: str, title: str, held_on: dt.date) -> Meeting:
    """A new meeting on what a view shows, with the usual script; not saved yet."""
    bare = Meeting(meeting_id, title, held_on, view.as_of, view.release.number, script=usual_script(view))
    return showing(bare, view)


def showing(meeting: Meeting, view: View) -> Meeting:
    """The same meeting on what another view shows."""
    before = view.compared
    return replace(
        meeting,
        as_of=view.as_of,
        held_on=max(meeting.held_on, view.as_of),
        release=view.release.number,
        compared=before.number if before else None,
        compare_on=view.compare_on if before else None,
    )


def newest(store: Store, meeting: Meeting) -> Release:
    """The newest data that a meeting can show: a correction has those of before the meeting was first sealed."""
    return _known(store, meeting).live


def shows_the_newest(store: Store, meeting: Meeting) -> bool:
    """Whether nothing was published since the meeting was prepared but what meetings themselves brought."""
    since = (row for row in newest(store, meeting).notes() if row["release"] > meeting.release)
    return all(row["kind"] == READING for row in since)


def _known(store: Store, meeting: Meeting) -> Standing:
    standing = store.standing()
    return replace(standing, live=standing.release(meeting.corrects.until)) if meeting.corrects else standing


def target(typed: float, is_share: bool) -> Decimal:
    """A target as it is kept: a share is typed in percent and kept from 0 to 1."""
    said = Decimal(str(typed))
    return said / 100 if is_share else said


def next_id(store: Store) -> str:
    """A meeting ID that neither a held nor an open meeting has: the last one's, counted on.

    That of a file which cannot be used is not free either: it may come back from a backup. IDs of the ledger that no
    file could be called are not counted on.
    """
    shelf = _shelf(store)
    known = [one for one in (*_held(store), *shelf.names()) if shelf.is_name(one) and len(one) <= _LONGEST_ID]
    numbered = [(found[1], found[2]) for one in known if (found := re.fullmatch(r"(.*[A-Za-z].*?)([0-9]{1,9})", one))]
    if not numbered:
        return "HY-001"
    head, digits = max(numbered, key=lambda pair: int(pair[1]))
    return f"{head}{int(digits) + 1:0{len(digits)}d}"


# --- open meetings ---------------------------------------------------------------------------------------------


def open_meetings(store: Store) -> list[Meeting]:
    """The meetings prepared or under way, in the order of their IDs; a file that cannot be used is not among them."""
    found = []
    for name in _shelf(store).names():
        with suppress(NoSuchMeeting, NotAMeeting):
            found.append(_kept(store, name))
    return found


@dataclass(frozen=True)
class Unusable:
    """The file of an open meeting that cannot be used: damaged or written by hand, of another `version` of the board,
    or on a `release` that this store does not have."""

    name: str
    file: str
    version: int | None = None
    release: int | None = None


def unusable(store: Store) -> list[Unusable]:
    """The files of open meetings that cannot be used, in the order of their names."""
    found, shelf = [], _shelf(store)
    for name in shelf.names():
        try:
            _kept(store, name)
        except OtherVersion as other:
            found.append(Unusable(name, f"{name}{shelf.suffix}", version=other.args[0]))
        except _NotHere as other:
            found.append(Unusable(name, f"{name}{shelf.suffix}", release=other.args[0]))
        except NotAMeeting:
            found.append(Unusable(name, f"{name}{shelf.suffix}"))
        except NoSuchMeeting:  # it was discarded meanwhile
            continue
    return found


def begin(store: Store, view: View, title: str, held_on: dt.date, languages: tuple[str, ...]) -> Meeting:
    """Prepare a meeting on what a view shows, under an ID that nobody else is given, and keep it."""
    with _shelf(store).locked():
        return save(store, replace(prepare(view, next_id(store), title, held_on), languages=languages))


def save(store: Store, meeting: Meeting) -> Meeting:
    """Keep an open meeting, whatever is kept under its ID; on disk when this returns."""
    _shelf(store).write(meeting.meeting_id, written(meeting))
    return meeting


def change(store: Store, meeting_id: str, how: Callable[[Meeting], Meeting]) -> Meeting:
    """Change an open meeting as it is kept now; what it shows stays what it is, whatever `how` does.

    Raises `NoSuchMeeting` for one that is sealed or discarded meanwhile.
    """
    with _shelf(store).locked():
        now = _kept(store, meeting_id)
        new = replace(how(now), **{name: getattr(now, name) for name in _PIN})
        return save(store, replace(new, held_on=max(new.held_on, new.as_of)))


def rewrite(store: Store, shown: Meeting, place: int | None, how: Callable[[list[ScriptLine], int], None]) -> Meeting:
    """Change the script of an open meeting at a slide of the script that the page showed, wherever that slide is now.

    `how` is given the slides to change and the place of that one; 0 when `place` is None. Raises `NotAsShown` for a
    slide that is not in the script any more, and `NoSuchMeeting`.
    """

    def changed(now: Meeting) -> Meeting:
        lines = list(now.script)
        how(lines, 0 if place is None else _place_now(now, shown, place))
        return replace(now, script=tuple(lines))

    return change(store, shown.meeting_id, changed)


def _place_now(now: Meeting, shown: Meeting, place: int) -> int:
    """Where a slide that was shown stands now: where it stood, else where the only one of its kind stands."""
    sought = _slide(shown.script[place])
    alike = [at for at, line in enumerate(now.script) if _slide(line) == sought]
    if place in alike:
        return place
    if len(alike) != 1:
        raise NotAsShown((Difference("script", shown.script, now.script),))
    return alike[0]


def _slide(line: ScriptLine) -> tuple[object, ...]:
    return line.exhibits, line.district


def take_off(store: Store, meeting_id: str, place: int, promise: Commitment) -> Meeting:
    """Take a commitment off an open meeting, unless another one stands in its place by now."""

    def without(now: Meeting) -> Meeting:
        if now.commitments[place : place + 1] != (promise,):
            return now
        return replace(now, commitments=(*now.commitments[:place], *now.commitments[place + 1 :]))

    return change(store, meeting_id, without)


def discard(store: Store, name: str) -> None:
    """Forget an open meeting, or a file that cannot be used; one that is gone already is no matter."""
    _shelf(store).remove(name)


def _shelf(store: Store) -> Shelf:
    return store.shelf("meetings")


def _kept(store: Store, name: str) -> Meeting:
    """An open meeting as it is kept. Raises `NoSuchMeeting`, or `NotAMeeting` for a file that cannot be used."""
    try:
        data = _shelf(store).read(name)
    except ValueError as error:
        raise NoSuchMeeting(name) from error
    if data is None:
        raise NoSuchMeeting(name)
    one = loaded(data)
    if one.meeting_id != name:  # a copy that somebody made by hand: what is done to it would be done to the other
        raise NotAMeeting(f"{name} holds the meeting {one.meeting_id}")
    for number in (one.release, one.compared):
        if number is not None and not 0 < number <= (store.live_number() or 0):
            raise _NotHere(number)
    return one


# --- what an open meeting shows --------------------------------------------------------------------------------


def take(store: Store, shown: Meeting, number: int, as_of: dt.date) -> Meeting:
    """Show the release of that number on its day: the newest data, when a page offers them. Raises as `show_day`."""
    return _move(store, shown, lambda now: look(store, Choices(as_of=as_of, release=number), _known(store, now)))


def show_day(store: Store, shown: Meeting, day: dt.date) -> Meeting:
    """Show another day, in the release that counts for it, against the meeting before it.

    Raises `NotAsShown` when the meeting shows something else by now than the page did, and `NoSuchMeeting`.
    """
    return _move(store, shown, lambda now: look(store, Choices(as_of=day), _known(store, now)))


def compare_with(store: Store, shown: Meeting, day: dt.date) -> Meeting:
    """Compare with another day; the release and the day that are shown stay. Raises as `show_day`."""

    def beside(now: Meeting) -> View:
        before = _known(store, now).at(day)
        is_before = before.as_of <= day < now.as_of
        return pinned(store, now.release, now.as_of, before.number if is_before else None, day)

    return _move(store, shown, beside)


def _move(store: Store, shown: Meeting, view: Callable[[Meeting], View]) -> Meeting:
    with _shelf(store).locked():
        now = _kept(store, shown.meeting_id)
        _expect(shown, now, _PIN)
        return save(store, showing(now, view(now)))


def _expect(shown: Meeting, now: Meeting, names: tuple[str, ...]) -> None:
    """Raise `NotAsShown` unless the meeting is kept as it was shown."""
    pairs = ((name, getattr(shown, name), getattr(now, name)) for name in names)
    differences = tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])
    if differences:
        raise NotAsShown(differences)


# --- finished meetings -----------------------------------------------------------------------------------------


def finish(store: Store, shown: Meeting, by: str, reason: str = "") -> Release:
    """Make an open meeting a capsule, and its commitments rows of the ledger: one release, all or nothing.

    `shown` is the meeting as the page showed it last, `reason` why a correction is needed. Its view stays the one that
    was shown; the new release has the day of the live one, since no figure changes. Raises `NotAsShown` when what would
    be sealed is not what was shown, `NoSuchMeeting` for one that is sealed or discarded meanwhile,
    `CorrectedMeanwhile` for a correction of a capsule that is not in force, and `publishing.CheckFailed` or
    `RowsRefused` for rows that break a rule; then nothing is written, and the meeting is open as it was.
    """
    with _shelf(store).locked():
        now = _kept(store, shown.meeting_id)
        if made := _sealed_already(store, now):  # and still open after a power cut
            discard(store, now.meeting_id)
            return made
        _expect(shown, now, _SEEN)
        for left in reversed(range(_TRIES)):
            live = store.live()
            done = replace(_to_seal(store, now, reason), finished_by=by)
            try:
                made = store.publish(files_of(written(done)), _note(done, live), live.number, READING, "meet")
            except SomeonePublished:
                if not left:
                    raise
            else:
                discard(store, shown.meeting_id)
                return made
    raise AssertionError


def _to_seal(store: Store, now: Meeting, reason: str) -> Meeting:
    """The meeting under the ID that it has in the ledger."""
    if now.corrects:
        corrected = now.corrects.meeting_id
        if capsules(store).get(corrected) != now.corrects.capsule:
            raise CorrectedMeanwhile(corrected)
        return replace(now, meeting_id=corrected, corrects=replace(now.corrects, reason=reason))
    if now.meeting_id in _held(store):  # the ledger was given one under the same ID
        return replace(now, meeting_id=next_id(store))
    return now


def _note(done: Meeting, live: Release) -> Note:
    key = "meeting.correction_note" if done.corrects else "meeting.release_note"
    blanks = {"title": done.title, "reason": done.corrects.reason if done.corrects else ""}
    said = (language(code, live.vocabulary)(key, **blanks) for code in LANGUAGES)
    return Note(done.finished_by, live.as_of, *said, kind="meeting")


def correct(store: Store, meeting_id: str) -> Meeting:
    """Open a sealed meeting again, to be sealed anew in the place of its capsule, which is kept.

    What was begun already is gone on with. Raises `NoSuchMeeting` for a meeting that has no capsule.
    """
    sealed = seals(store, meeting_id)
    if not sealed:
        raise NoSuchMeeting(meeting_id)
    wrong, until = sealed[0], sealed[-1].sealed_in - 1
    name = f"{meeting_id}-{wrong.sealed_in}r"  # ends in no digit, so that no ID is counted on from it
    with _shelf(store).locked():
        with suppress(NoSuchMeeting):
            return _kept(store, name)
        of = Correction(meeting_id, capsules(store)[meeting_id], wrong.sealed_in, until, len(wrong.commitments))
        return save(store, replace(wrong, meeting_id=name, finished_by="", corrects=of))


def _sealed_already(store: Store, now: Meeting) -> Release | None:
    """The release that sealed this very meeting; None when there is none."""
    for row in store.live().records("received", file_name=f"{now.meeting_id}.json", reading=READING):
        if replace(loaded(store.received(row["sha256"])), finished_by="") == replace(now, finished_by=""):
            return store.release(row["release"])
    return None


def capsules(store: Store) -> dict[str, str]:
    """Meeting ID → the SHA-256 of its capsule, for the meetings of the live release that have one.

    The row of a meeting names its capsule; one that was sealed before rows did has the last of its name.
    """
    held, found = _held(store), {}
    for name, kept in _received(store).items():
        row = held.get(name)
        if row is not None:
            found[name] = row["capsule"] if row.get("capsule") in kept else _last_unnamed(store, kept)
    return found


def _last_unnamed(store: Store, kept: Mapping[str, int]) -> str:
    """The last capsule that no row was made to name; the last of all when there is none."""
    unnamed = [sha256 for sha256 in kept if not has_checksum(store.received(sha256))]
    return (unnamed or list(kept))[-1]


def seals(store: Store, meeting_id: str) -> list[Meeting]:
    """A meeting as it was sealed, and before it every capsule that it superseded; none for one without a capsule."""
    kept, sha256 = _received(store).get(meeting_id, {}), capsules(store).get(meeting_id)
    found: list[Meeting] = []
    while sha256 in kept:
        after = found[-1].sealed_in if found else None
        found.append(replace(loaded(store.received(sha256)), sealed_in=kept[sha256], superseded_by=after))
        sha256 = found[-1].corrects.capsule if found[-1].corrects else None
    return found


def corrected(store: Store) -> frozenset[str]:
    """The IDs of the meetings whose capsule supersedes another one."""
    return frozenset(name for name, kept in _received(store).items() if len(kept) > 1 and len(seals(store, name)) > 1)


def sealed_by(store: Store, number: int) -> Meeting | None:
    """The meeting that a release sealed, as it stands now; None when it sealed none, or none that is held any more."""
    names = (name for name, kept in _received(store).items() if number in kept.values())
    return next((one for name in names for one in seals(store, name) if one.sealed_in == number), None)


def meeting(store: Store, address: str) -> Meeting:
    """A meeting by its ID: open, finished, or held before capsules were kept; `HY-004@7` is what release 7 sealed.

    Raises `NoSuchMeeting`, and `NotAMeeting` for an open one whose file cannot be used.
    """
    meeting_id, _, number = address.partition("@")
    if number:
        for one in seals(store, meeting_id):
            if str(one.sealed_in) == number:
                return one
        raise NoSuchMeeting(address)
    with suppress(NoSuchMeeting):
        return _kept(store, meeting_id)
    sealed = seals(store, meeting_id)
    if sealed:
        return sealed[0]
    row = _held(store).get(meeting_id)
    if row is None:
        raise NoSuchMeeting(meeting_id)
    return _reconstructed(store, row)


def held(store: Store) -> list[Mapping[str, object]]:
    """The meetings of the ledger, newest first: meeting_id, title, held_on, as_of_on, note."""
    return sorted(_held(store).values(), key=lambda row: (row["held_on"], row["meeting_id"]), reverse=True)


def _held(store: Store) -> dict[str, dict]:
    return {row["meeting_id"]: row for row in store.live().records("meeting")}


def _received(store: Store) -> dict[str, dict[str, int]]:
    """Meeting ID → SHA-256 → the release it was sealed in, for every capsule ever received, oldest first."""
    found: dict[str, dict[str, int]] = {}
    for row in sorted(store.live().records("received"), key=lambda row: row["release"]):
        if row["reading"] == READING and row["table_name"] == "meeting":
            found.setdefault(row["file_name"].removesuffix(".json"), {})[row["sha256"]] = row["release"]
    return found


def releases_named(store: Store) -> frozenset[int]:
    """The releases that a meeting shows, compares with or was corrected on: an open one, and every capsule that ever
    was sealed, superseded or taken back. A file that cannot be used names none."""
    known = list(open_meetings(store))
    for kept in _received(store).values():
        for sha256 in kept:
            with suppress(NotAMeeting, Unreadable):
                known.append(loaded(store.received(sha256)))
    named = {number for one in known for number in (one.release, one.compared)}
    named |= {number for one in known if one.corrects for number in (one.corrects.release, one.corrects.until)}
    return frozenset(number for number in named if number)


def superseded(one: Meeting, t: Language) -> str:
    """What a superseded capsule says of itself; '' for any other meeting."""
    if one.superseded_by is None:
        return ""
    return t("meeting.superseded", number=one.sealed_in, by=one.superseded_by)


def supersedes(one: Meeting, t: Language) -> str:
    """What a capsule that took another one's place says of itself; '' for any other meeting."""
    if one.corrects is None or one.sealed_in is None:
        return ""
    blanks = {"number": one.sealed_in, "before": one.corrects.release, "by": one.finished_by}
    return t("meeting.supersedes", reason=one.corrects.reason, **blanks)


def _reconstructed(store: Store, row: Mapping) -> Meeting:
    standing = store.standing()
    one = standing.at(row["as_of_on"])
    as_of = max(row["as_of_on"], one.as_of)
    day = default_comparison(one, as_of)
    before = standing.at(day) if day else None
    if before is None or before.as_of > day:
        before, day = None, None
    return Meeting(
        row["meeting_id"],
        row["title"],
        row["held_on"],
        as_of,
        one.number,
        before and before.number,
        day,
        languages=LANGUAGES,
        script=DEFAULT_SCRIPT,
        note=row["note"] or "",
        is_reconstructed=True,
    )

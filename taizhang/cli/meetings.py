"""The commands for a meeting: hand out its deck, ledger, brief, paper or snapshot."""

import datetime as dt
from pathlib import Path

import click

from taizhang.cli.terminal import Stop, release_asked, standing_of
from taizhang.declared.headers import LANGUAGES
from taizhang.declared.wording import Language
from taizhang.exhibits.views import furthest_day
from taizhang.showing import handouts, meetings
from taizhang.showing.meetings import Meeting
from taizhang.store import Store

_KILO = 1000


@click.argument("kind", type=click.Choice(tuple(handouts.KINDS)))
@click.option("--as-of", "day")
@click.option("--compare", "compared_day")
@click.option("--release", type=int)
@click.option("--meeting", "meeting_id")
@click.option("--template", "design", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--no-sources", "without_sources", is_flag=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def handout(
    store: Store,
    t: Language,
    kind: str,
    day: str | None,
    compared_day: str | None,
    release: int | None,
    meeting_id: str | None,
    design: Path | None,
    without_sources: bool,
    output: Path | None,
    lang: str,
) -> None:
    if kind != "deck" and (design or without_sources):
        raise Stop("handout.only_deck")
    release_asked(store, release)
    if meeting_id is not None:
        if day or compared_day or release:
            raise Stop("handout.not_with_meeting")
        one = _meeting(store, meeting_id)
        for said in (meetings.superseded(one, t), meetings.supersedes(one, t)):
            if said:
                click.echo(said, err=True)
    else:
        one = handouts.unplanned(store, lang, _seen_ahead(store, _day(day)), _day(compared_day), release)

    def progress(done: int, total: int) -> None:
        click.echo("\r" + t("handout.progress", done=done, total=total), nl=done == total, err=True)

    template = design.read_bytes() if design else None
    made = handouts.make(kind, store, one, lang, template, not without_sources, progress)
    path = output or Path(handouts.file_name(kind, store, one, lang))
    path.write_bytes(made)
    click.echo(t("handout.written", path=path, size=-(-len(made) // _KILO)))


handout.languages = (*LANGUAGES, handouts.BOTH)
COMMANDS = (handout,)


def _meeting(store: Store, meeting_id: str) -> Meeting:
    try:
        return meetings.meeting(store, meeting_id)
    except meetings.NoSuchMeeting as error:
        known = [
            *(one.meeting_id for one in meetings.open_meetings(store)),
            *(row["meeting_id"] for row in meetings.held(store)),
        ]
        raise Stop("handout.no_meeting", meeting=meeting_id, known=", ".join(known) or "—") from error


def _seen_ahead(store: Store, day: dt.date | None) -> dt.date | None:
    """The day asked for. Stops with a sentence when it is further past the data than the pages look."""
    live = standing_of(store).live
    if day and day > furthest_day(live):
        raise Stop("handout.day_too_far", day=day, live=live.as_of, last=furthest_day(live))
    return day


def _day(said: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Stop("error.no_day", value=said) from error

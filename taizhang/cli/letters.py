"""The command that urges: which letters are due, issue them, print one again, revoke one."""

import datetime as dt
from pathlib import Path

import click

from taizhang.cli.terminal import Stop, day_of, print_table
from taizhang.declared.wording import Language
from taizhang.exhibits.letters import left
from taizhang.showing.papers import letters as papers
from taizhang.store import Store
from taizhang.uploads import letters as issuing

REPLY_WITHIN = 7  # days, where nobody says by when a reply is due


@click.option("--issue", "is_issue", is_flag=True)
@click.option("--unit", "urged", multiple=True, metavar="UNIT")
@click.option("--issued-on", "issued_on")
@click.option("--reply-by", "reply_by")
@click.option("--revoke", "revoked", metavar="LETTER")
@click.option("--reason", "why")
@click.option("--copy", "copied", metavar="LETTER")
@click.option("--by", "author")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path))
def letters(
    store: Store,
    t: Language,
    is_issue: bool,
    urged: tuple[str, ...],
    issued_on: str | None,
    reply_by: str | None,
    revoked: str | None,
    why: str | None,
    copied: str | None,
    author: str | None,
    target: Path | None,
) -> None:
    live = store.live()
    day = day_of(issued_on) if issued_on else live.as_of
    if revoked:
        _revoke(store, author, revoked, day, why, t)
        return
    if copied:
        own = [issuing.issued(live, copied)]
        if own == [None]:
            raise Stop("error.no_letter", letter=copied)
    else:
        reply = day_of(reply_by) if reply_by else day + dt.timedelta(days=REPLY_WITHIN)
        if reply < day:
            raise Stop("error.reply_too_early")
        own = [one for one in issuing.due(live, live.as_of, day, reply) if not urged or one.unit in urged]
        _show(own, t)
        if not is_issue:
            return
        if not author:
            raise Stop("error.needs_by")
        if not own:
            raise Stop("error.no_letter_due")
        own = list(issuing.issue(store, author, own))
        click.echo(t("letters.issued", count=len(own), letters=" ".join(one.letter_id for one in own)))
    path = target or Path(t("letters.archive_name", day=own[0].issued_on))
    path.write_bytes(papers.archive(own, papers.Office.of(store.live()), t))
    click.echo(t("say.written", path=path))


def _revoke(store: Store, author: str | None, letter: str, day: dt.date, why: str | None, t: Language) -> None:
    if not (author and why):
        raise Stop("error.needs_reason")
    try:
        issuing.revoke(store, author, letter, day, why)
    except KeyError as error:
        raise Stop("error.no_letter", letter=letter) from error
    click.echo(t("letters.revoked_done", letter=letter))


def _show(own: list[issuing.Letter], t: Language) -> None:
    names = ("unit", "kind", "letter_measure_id", "measure", "due_on", "left", "nth")
    print_table(
        [t(f"letters.{name}") for name in names],
        [
            [
                one.unit,
                t.label("letter_kind", one.kind),
                row.action_id,
                t.more(row.content, 30),
                t.day(row.due_on),
                left(row.days_left, t),
                str(row.nth),
            ]
            for one in own
            for row in one.measures
        ],
    )


COMMANDS = (letters,)

"""The command that shows and changes the settings of a campaign, by the way that any file goes."""

import click

from taizhang import uploads
from taizhang.cli.publishing import come_to, show_published
from taizhang.cli.terminal import Stop, print_table, standing_of
from taizhang.declared import tables
from taizhang.declared.terms import terms
from taizhang.declared.values import to_text
from taizhang.declared.wording import Language
from taizhang.rows.changes import Decisions
from taizhang.store import Note, SomeonePublished, Store
from taizhang.uploads import settings as setting
from taizhang.uploads.settings import OF_CAMPAIGN, OwnWord, Settings


@click.argument("changes", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--note", "said_of_it", default="")
@click.option("--by", "author")
@click.option("--yes", "is_agreed", is_flag=True)
def settings(
    store: Store, t: Language, changes: tuple[str, ...], said_of_it: str, author: str | None, is_agreed: bool
) -> int:
    live = standing_of(store).live
    now = setting.settings_of(live)
    if not changes:
        _show(now, t)
        return 0
    if is_agreed and not author:
        raise Stop("error.settings_by")
    try:
        for change in changes:
            now = setting.with_said(now, change)
    except setting.NotASetting as wrong:
        click.echo(setting.sentence(wrong.refused, t))
        return 1
    made = setting.made(live, now)
    for refused in made.refused:
        click.echo(setting.sentence(refused, t))
    if not made.files:
        if not made.refused:
            click.echo(t("settings.nothing"))
        return 1 if made.refused else 0
    checked = uploads.check(store, made.files)
    if checked.parent != made.release:
        raise SomeonePublished(made.release, checked.parent)
    decisions = Decisions(remove=made.removed, remove_reason=t("settings.removed_reason") if made.removed else "")
    said = said_of_it or t("settings.file_note")
    came = come_to(store, t, checked, Note(author or said, live.as_of, said, said), decisions, not is_agreed)
    show_published(checked, decisions, came, t)
    return 1 if came.errors else 0


def _show(now: Settings, t: Language) -> None:
    """Every setting as it is written, `KEY=VALUE`, with what it is about."""
    campaign = tables.ledgers()["campaign"]
    about = {one.code: one.label for one in tables.code_lists()["term"]}
    rows = [(name, to_text(now.campaign[name]) or "", t.of(campaign.column(name).heading)) for name in OF_CAMPAIGN]
    rows += [(f"strand.{one.code}", setting.as_text(one), t.label("strand", one.code)) for one in now.strands]
    words = {**dict.fromkeys(terms(), OwnWord()), **now.words}
    rows += [
        (code, setting.as_text(own), about[code][t.code] if code in about else code) for code, own in words.items()
    ]
    print_table([t("settings.key"), t("settings.about")], [[f"{key}={said}", what] for key, said, what in rows])


COMMANDS = (settings,)

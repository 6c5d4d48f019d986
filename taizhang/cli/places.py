"""The command that makes an office's places: found by name or code, laid on a grid, written or published."""

from pathlib import Path

import click

from taizhang import uploads
from taizhang.cli.publishing import come_to, show_published
from taizhang.cli.terminal import Stop, day_of
from taizhang.cli.told import progress
from taizhang.declared.wording import Language
from taizhang.rows.changes import Decisions
from taizhang.store import Note, Store
from taizhang.uploads import places
from taizhang.uploads.places import Chosen, Listed, NoSuchPlace


@click.argument("name", required=False)
@click.option("--by-level", "depth", type=click.Choice(("towns", "counties")))
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--publish", "is_published", is_flag=True)
@click.option("--replace", "is_replacing", is_flag=True)
@click.option("--as-of", "day")
@click.option("--note", "said")
@click.option("--by", "author")
@click.option("--dry-run", "is_dry", is_flag=True)
def geo(
    store: Store,
    t: Language,
    name: str | None,
    depth: places.Depth | None,
    folder: Path | None,
    is_published: bool,
    is_replacing: bool,
    day: str | None,
    said: str | None,
    author: str | None,
    is_dry: bool,
) -> int:
    one = _place(name, t)
    if one is None:
        return 0
    made = places.chosen(one.code, depth)
    _tell(made, t)
    files = places.files_of(made, t)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for file_name, data in files:
            (folder / file_name).write_bytes(data)
            click.echo(t("say.written", path=folder / file_name))
    if not is_published:
        click.echo("" if folder else t("cligeo.next"), nl=not folder)
        return 0
    return _publish(store, t, made, files, is_replacing, is_dry, {"--as-of": day, "--note": said, "--by": author})


def _place(name: str | None, t: Language) -> Listed | None:
    """The place meant; when a name means none or several, or nothing was said, what there is is listed."""
    if name is None:
        _list(places.provinces(), t)
        return None
    try:
        return places.place(name)
    except NoSuchPlace:
        candidates = places.found(name)
    if not candidates:
        raise Stop("cligeo.not_found", name=name)
    if len(candidates) == 1:
        return candidates[0]
    click.echo(t("cligeo.candidates", name=name, count=len(candidates)))
    _list(candidates, t)
    return None


def _list(found: tuple[Listed, ...] | list[Listed], t: Language) -> None:
    for one in found:
        names = " ".join(t.name(each.name, each.name_en) for each in places.path(one.code))
        click.echo(t("cligeo.listed", code=one.code, name=names, below=len(places.below(one.code))))
    click.echo(t("cligeo.choose"))


def _tell(made: Chosen, t: Language) -> None:
    place, towns = t.name(made.place.name, made.place.name_en), len(made.towns)
    click.echo(t("cligeo.made", place=place, districts=len(made.districts), towns=towns))
    for key, (kept, whole) in (("kept_districts", made.kept_districts), ("kept_towns", made.kept_towns)):
        if whole:
            click.echo(t(f"cligeo.{key}", kept=kept, all=whole))
    if towns > places.MOST_TILES:
        click.echo(t("cligeo.many", towns=towns))


def _publish(
    store: Store, t: Language, made: Chosen, files: tuple, is_replacing: bool, is_dry: bool, told: dict[str, str | None]
) -> int:
    """The files go the way of every file: checked, compared, drafted, published."""
    if missing := [option for option, value in told.items() if not value]:
        raise Stop("error.needs_to_publish", missing=t("common.comma").join(missing))
    day, said, author = told.values()
    note = Note(author, day_of(day), said, said, "first" if store.live_number() is None else "upload")
    if not store.exists:
        raise Stop("error.empty_store", store=store)
    checked = uploads.check(store, files, (), note.as_of, progress(t))
    reason = t("cligeo.replaced", place=t.name(made.place.name, made.place.name_en)) if is_replacing else ""
    removed = places.left_out(made, store.rows_before(checked.base)) if is_replacing else frozenset()
    decisions = Decisions(remove=removed, remove_reason=reason)
    came = come_to(store, t, checked, note, decisions, is_dry)
    show_published(checked, decisions, came, t)
    return 1 if came.errors else 0


COMMANDS = (geo,)

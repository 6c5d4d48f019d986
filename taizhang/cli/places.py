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
from taizhang.uploads import own_places, places
from taizhang.uploads.places import Chosen, Listed, NoSuchPlace

_a_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.argument("name", required=False)
@click.option("--by-level", "depth", type=click.Choice(("towns", "counties")))
@click.option("--list", "listed", type=_a_file)
@click.option("--geojson", "outlined", type=_a_file)
@click.option("--grid", "laid_by_hand", type=_a_file)
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
    listed: Path | None,
    outlined: Path | None,
    laid_by_hand: Path | None,
    folder: Path | None,
    is_published: bool,
    is_replacing: bool,
    day: str | None,
    said: str | None,
    author: str | None,
    is_dry: bool,
) -> int:
    made = None
    if laid_by_hand:
        files = own_places.files_from("grid", laid_by_hand.name, laid_by_hand.read_bytes(), "", _rows(store), t)
    else:
        made = _own(store, listed, outlined, name) if listed or outlined else _of_the_country(name, depth, t)
        if made is None:
            return 0
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
    replaced = made if is_replacing else None
    return _publish(store, t, replaced, files, is_dry, {"--as-of": day, "--note": said, "--by": author})


def _rows(store: Store) -> dict:
    """What the newest release holds; nothing of a store without one."""
    return dict(store.live().rows()) if store.live_number() is not None else {}


def _own(store: Store, listed: Path | None, outlined: Path | None, name: str | None) -> Chosen:
    path = listed or outlined
    read = own_places.from_list if listed else own_places.from_outlines
    return read(path.name, path.read_bytes(), name or path.stem, _rows(store))


def _of_the_country(name: str | None, depth: places.Depth | None, t: Language) -> Chosen | None:
    one = _place(name, t)
    return places.chosen(one.code, depth) if one else None


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
    store: Store, t: Language, replaced: Chosen | None, files: tuple, is_dry: bool, told: dict[str, str | None]
) -> int:
    """The files go the way of every file: checked, compared, drafted, published; `replaced` is the place that takes the
    place of all others."""
    if missing := [option for option, value in told.items() if not value]:
        raise Stop("error.needs_to_publish", missing=t("common.comma").join(missing))
    day, said, author = told.values()
    note = Note(author, day_of(day), said, said, "first" if store.live_number() is None else "upload")
    if not store.exists:
        raise Stop("error.empty_store", store=store)
    checked = uploads.check(store, files, (), note.as_of, progress(t))
    reason = t("cligeo.replaced", place=t.name(replaced.place.name, replaced.place.name_en)) if replaced else ""
    removed = places.left_out(replaced, store.rows_before(checked.base)) if replaced else frozenset()
    decisions = Decisions(remove=removed, remove_reason=reason)
    came = come_to(store, t, checked, note, decisions, is_dry)
    show_published(checked, decisions, came, t)
    return 1 if came.errors else 0


COMMANDS = (geo,)

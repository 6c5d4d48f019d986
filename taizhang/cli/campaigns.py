"""The commands that need no campaign, or make one: open the board, list the campaigns, begin one, empty templates."""

import re
from pathlib import Path

import click

from taizhang.cli.terminal import Stop, day_of, near, print_table, progress_of
from taizhang.declared import dictionary, tables
from taizhang.declared.root import ROOT
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.showing.papers.blank import blank
from taizhang.store import Release, archives
from taizhang.store.campaigns import About, Campaigns
from taizhang.uploads import founding


@click.option("--article", "kind", flag_value="article")
@click.option("--demo", "kind", flag_value="demo", default="demo")
@click.option("--empty", "kind", flag_value="empty")
def init(known: Campaigns, t: Language, campaign: str | None, kind: str) -> None:
    made = _make(known, campaign, kind, t)
    if made is None:
        click.echo(t("say.made_empty", store=known))
    else:
        click.echo(t("say.made", store=known, release=made.number, as_of=made.as_of))


@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--host", "address", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--name", "names", multiple=True, metavar="NAME")
@click.option("--certificate", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--behind", multiple=True, metavar="ADDRESS")
@click.option("--under", default="", metavar="/PATH")
@click.option("--oidc", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--remote-user", "remote_user", default="", metavar="HEADER")
@click.option("--log", default="", metavar="FILE|-")
def run(
    known: Campaigns,
    t: Language,
    campaign: str | None,
    port: int,
    address: str,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    behind: tuple[str, ...],
    under: str,
    remote_user: str,
    oidc: Path | None,
    log: str,
) -> int:
    from taizhang import server
    from taizhang.server.provider import NotAProvider, Provider

    if (certificate is None) != (key is None):
        raise Stop("run.both_files")
    if under and not re.fullmatch(r"(/[\w.~-]+)+/?", under):
        raise Stop("run.no_path", value=under)
    if remote_user and not behind:
        raise Stop("run.no_proxy")
    if oidc:
        try:
            Provider(oidc)
        except NotAProvider as error:
            raise Stop("run.no_provider", file=oidc, why=error.why) from error
    *files, oidc = [
        one and one.resolve() for one in (certificate, key, oidc)
    ]  # the server is started in another folder
    opening = server.Opening(address, port, names, *files, behind, under.rstrip("/"), remote_user, oidc, log)

    if not known.folder.exists():  # an empty folder is what `init --empty` made: it stays empty
        click.echo(t("say.first_run", store=known))
        _make(known, None, "demo", t)
    return server.serve(known.folder, opening)  # says the address itself, once it knows that the port is free


def campaigns(known: Campaigns, t: Language, campaign: str | None) -> None:
    rows = []
    for one in known.all():
        said = About.of_campaign(one)
        published = t.day(said.published_at.date()) if said.published_at else NOT_KNOWN
        rows.append((one.name, said.title or NOT_KNOWN, said.office or NOT_KNOWN, published, str(one.store)))
    if not rows:
        raise Stop("error.empty_store", store=known)
    print_table([t(f"campaigns.{name}") for name in ("name", "title", "office", "published", "folder")], rows)


@click.argument("name", required=False)
@click.option("--title", default="")
@click.option("--office", default="")
@click.option("--batch", default="")
@click.option("--started-on", "started_on")
@click.option("--ended-on", "ended_on")
@click.option("--update-every", "update_every_days", type=click.IntRange(min=1), metavar="DAYS")
@click.option("--due-soon", "due_soon_days", type=click.IntRange(min=0), metavar="DAYS")
@click.option("--silent-after", "silent_days", type=click.IntRange(min=1), metavar="DAYS")
@click.option("--verified/--unverified", "is_verified", default=None)
@click.option("--places/--no-places", "covers_places", default=None)
@click.option("--strand", "strands", type=click.Choice(tuple(founding.STRANDS)), multiple=True)
@click.option("--scope", "scope_note", default="")
@click.option("--like", metavar="CAMPAIGN")
@click.option("--by", "author", required=True)
def new(
    known: Campaigns, t: Language, campaign: str | None, name: str | None, like: str | None, author: str, **said: object
) -> None:
    days = {one: day_of(said.pop(one)) if said[one] else said.pop(one) for one in ("started_on", "ended_on")}
    answers = founding.Answers(name=name or campaign or "", by=author, **days, **said)
    one = founding.found(known, answers, founding.like_of(known, like))
    about = About.of_campaign(one)
    click.echo(t("say.founded", name=one.name, title=about.title, office=about.office, store=one.store))


@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def archive(known: Campaigns, t: Language, campaign: str | None, output: Path | None) -> None:
    one = known.meant(campaign)
    if one is None or one.store.live_number() is None:
        raise Stop("error.empty_store", store=known)
    path = output or Path(archives.file_name(one, one.store.live()))
    contents = archives.write_file(one, path, progress_of(t))
    click.echo(t("archive.written", title=contents.title, count=len(contents.files), path=path))


@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def unarchive(known: Campaigns, t: Language, campaign: str | None, file: Path) -> None:
    one = archives.read(known, file, campaign or "", progress_of(t))
    live = one.store.live()
    click.echo(t("archive.read", name=one.name, release=live.number, as_of=live.as_of, store=one.store))


@click.argument("table")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def template(known: Campaigns, t: Language, campaign: str | None, table: str, output: Path | None) -> None:
    if table not in tables.ledgers():
        raise Stop("error.no_table", name=table, near=near(table, tables.ledgers(), t))
    own = tables.ledgers()[table]
    is_workbook = output is not None and output.suffix.lower() == ".xlsx"
    made = blank(own, t) if is_workbook else dictionary.template(own, t)
    if output is None:
        click.echo(made, nl=False)
        return
    output.write_bytes(made)
    click.echo(t("say.written", path=output))


def docs(known: Campaigns, t: Language, campaign: str | None) -> None:
    for path in dictionary.write(ROOT):
        click.echo(t("say.written", path=path))


def _make(known: Campaigns, name: str | None, kind: str, t: Language) -> Release | None:
    from taizhang.uploads import shipped

    def progress(done: int, total: int) -> None:
        click.echo(t("say.progress", done=done, total=total), err=True)

    try:
        return shipped.begin(known, kind, name, progress)
    except shipped.AlreadyThere as error:
        raise Stop("error.already_there", store=known) from error


COMMANDS = (init, run, new, campaigns, archive, unarchive, template, docs)

"""The commands that say who may sign in, and show the book of what was done."""

import getpass
import sys
from pathlib import Path

import click

from taizhang.access import passwords
from taizhang.access.audit import COLUMNS, TERMINAL, Audit
from taizhang.access.people import LastAdministrator, NameTaken, NoPerson, NotAPersonsName, People, Person
from taizhang.access.roles import HELD, ROLES
from taizhang.cli.terminal import Stop, as_json, json_option, near, print_table
from taizhang.declared.wording import NOT_KNOWN, Language
from taizhang.showing import accounts
from taizhang.showing.book import cells, csv_of_book
from taizhang.store.campaigns import Campaigns
from taizhang.store.narrowed import keys_of


@click.argument("what", type=click.Choice(("add", "role", "scope", "reset", "disable", "enable", "list")))
@click.argument("person_name", required=False, metavar="NAME")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--shown", default="")
@click.option("--to", multiple=True, metavar="DISTRICT|UNIT")
@click.option("--generate", is_flag=True)
def user(
    known: Campaigns,
    t: Language,
    campaign: str | None,
    what: str,
    person_name: str | None,
    role: str | None,
    shown: str,
    to: tuple[str, ...],
    generate: bool,
) -> None:
    people = People(known.folder)
    if what == "list":
        _list(known, people, t)
        return
    if not person_name:
        raise Stop("user.who")
    if what in ("add", "role") and not role:
        raise Stop("user.which_role", roles=", ".join(ROLES))
    try:
        if what == "scope":
            one = _hold(known, people, person_name, to, t)
        else:
            one = _change(people, what, person_name, role, shown, generate, t)
    except NoPerson as error:
        raise Stop("user.nobody", name=person_name, names=", ".join(people.names()) or NOT_KNOWN) from error
    except NameTaken as error:
        raise Stop("user.taken", name=error.name) from error
    except NotAPersonsName as error:
        raise Stop("user.not_a_name", name=person_name) from error
    except LastAdministrator as error:
        raise Stop("user.last_administrator") from error
    except passwords.TooWeak as error:
        raise Stop(f"user.too_{error.why}", count=passwords.SHORTEST) from error
    Audit(known.folder).write(getpass.getuser(), f"user_{what}", source=TERMINAL, detail=f"{one.name} {one.role}")
    click.echo(t(f"user.done_{what}", name=one.name, shown=one.shown, role=t(f"user.{one.role}")))


def _change(
    people: People, what: str, name: str, role: str | None, shown: str, is_made_up: bool, t: Language
) -> Person:
    match what:
        case "add":
            return people.add(name, shown, role, _password(is_made_up, t))
        case "reset":
            people.named(name)  # before anybody types a password in vain
            return people.reset(name, _password(is_made_up, t))
        case "role":
            return people.give_role(name, role)
        case "disable":
            return people.disable(name)
    return people.enable(name)


def _hold(known: Campaigns, people: People, name: str, to: tuple[str, ...], t: Language) -> Person:
    """Hold somebody to districts and units, by their names or codes; to none where none is said."""
    one, keys = people.named(name), keys_of(known)
    if one.role not in HELD:
        raise Stop("user.not_held", name=one.name, role=t(f"user.{one.role}"))
    named = {**{shown: key for key, shown in keys.items()}, **{key: key for key in keys}}
    for each in to:
        if each not in named:
            raise Stop("user.no_such_key", name=each, near=near(each, named, t))
    return people.hold_to(name, [named[each] for each in to] or None)


def _password(is_made_up: bool, t: Language) -> str:
    """A password: made up and printed, typed twice at a terminal, or the first line of what another program says."""
    if is_made_up:
        made = passwords.made_up()
        click.echo(t("user.generated", password=made))
        return made
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt(t("user.password"), hide_input=True, confirmation_prompt=t("user.again"))


def _list(known: Campaigns, people: People, t: Language) -> None:
    found, names = people.all(), keys_of(known)
    if not found:
        raise Stop("user.none")
    print_table(
        [t(f"user.column_{name}") for name in accounts.COLUMNS], [accounts.line(one, names, t) for one in found]
    )


@json_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def audit(known: Campaigns, t: Language, campaign: str | None, is_json: bool, output: Path | None) -> int:
    book = Audit(known.folder)
    if is_json:
        text = "".join(as_json({name: getattr(one, name) for name in COLUMNS}) + "\n" for one in book.entries())
        _hand_out(text, output)
    elif output:
        output.write_bytes(csv_of_book(book.entries()))
    else:
        rows = list(map(cells, book.entries()))
        print_table([t(f"audit.{name}") for name in COLUMNS], rows)
    broken = book.broken()
    if broken:
        click.echo(t(f"damage.audit_{broken.what}", path=book.path, line=broken.line), err=True)
    return 1 if broken else 0


def _hand_out(text: str, output: Path | None) -> None:
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


COMMANDS = (user, audit)

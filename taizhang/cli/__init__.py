"""The command line: `taizhang run` opens the board, every other command answers on the terminal.

An error is one sentence (what, where, what to do next) and exit code 1; a command written wrongly is exit code 2.
"""

import functools
import importlib
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from taizhang import uploads
from taizhang.cli.terminal import Stop
from taizhang.declared import tables
from taizhang.declared.headers import LANGUAGES, HeaderWrong
from taizhang.declared.root import data_folder
from taizhang.declared.vocabulary import USUAL, Vocabulary
from taizhang.declared.wording import NOT_KNOWN, Language, language
from taizhang.rows import problems as rules
from taizhang.rows.ledgers import FileRefused, RowsRefused
from taizhang.store import (
    CheckFailed,
    DraftRefused,
    NoRelease,
    QuestionFailed,
    SomeonePublished,
    Store,
    UndoConflict,
    Unreadable,
    leave,
)
from taizhang.store.archives import NotAnArchive
from taizhang.store.backups import NotABackup
from taizhang.store.campaigns import Campaigns, NameTaken, NoCampaign, NotAName, SeveralCampaigns
from taizhang.store.obstacles import obstacle
from taizhang.uploads import lines
from taizhang.uploads.founding import AnswerMissing, DaysReversed

# Module → its commands; those of some modules are about all campaigns of a data folder.
COMMANDS_OF = {
    "keeping": ("demo", "verify", "rebuild", "thin"),
    "asking": ("tables", "ask", "releases", "show"),
    "publishing": ("check", "publish"),
    "acting": ("act",),
    "looking_back": ("diff", "undo", "history"),
    "exporting": ("export",),
    "meetings": ("handout",),
    "passports": ("passport",),
    "rounds": ("sheets",),
    "letters": ("letters",),
    "settings": ("settings",),
    "places": ("geo",),
    "campaigns": ("init", "run", "new", "campaigns", "archive", "unarchive", "template", "docs"),
    "people": ("user", "audit"),
    "backing_up": ("backup", "restore"),
    "doctor": ("doctor",),
}
OF_ALL = ("campaigns", "people", "backing_up", "doctor")
FOUND_IN = {name: module for module, names in COMMANDS_OF.items() for name in names}

FIRST_LINE = re.compile(r"[^\n]*")


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code. The one place where an exception becomes a sentence."""
    args = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # a Windows pipe would otherwise take GBK, or refuse a character
    t = language(_language(_said_before("--lang", args)))
    cli.speak(t)
    leave.asked_of(lambda act: None, _in_the_book)
    try:
        sys.exit(cli.main(args, prog_name="taizhang", standalone_mode=False) or 0)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "taizhang"
        click.echo(t("error.usage", detail=error.format_message().rstrip("."), command=command), err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        sentence = _sentence(error, t) or _unknown(error, _campaigns(_said_before("--store", args)).folder, t)
        click.echo(sentence, err=True)
        sys.exit(1)


def _sentence(error: Exception, t: Language) -> str | None:
    """What a known error means and what to do next; None for one that nobody foresaw."""
    detail = FIRST_LINE.match(str(error))[0]
    if met := obstacle(error):
        return t(f"obstacle.{met.what}", **met.blanks)
    match error:
        case Stop():
            return t(error.key, **error.blanks)
        case QuestionFailed():
            return t("error.question_failed", detail=detail)
        case NoCampaign():
            return t("error.no_campaign", name=error.name, names=", ".join(error.names) or NOT_KNOWN)
        case SeveralCampaigns():
            return t("error.which_campaign", names=", ".join(error.names))
        case NotAName():
            return t("error.not_a_name", name=error.name)
        case NameTaken():
            return t("error.name_taken", name=error.name)
        case NotAnArchive():
            return t(f"archive.{error.what}", file=error.file)
        case NotABackup():
            return t(f"backup.{error.what}", file=error.file)
        case AnswerMissing():
            return t("error.answer_missing", what=t(f"founding.{error.name}"))
        case DaysReversed():
            return t("founding.days_reversed")
        case Unreadable() | NoRelease():
            return t("error.unreadable", detail=detail)
        case RowsRefused():
            return t("error.rows_refused", detail=detail)
        case CheckFailed():
            return t("error.check_failed", detail=f"{t.of(error.check.title)}: {error.rows[0]}")
        case SomeonePublished():
            return t("error.someone_published", live=error.live)
        case UndoConflict():
            return t("error.undo_conflict", detail=" ".join(error.cells[0]))
        case FileRefused():
            return t("error.file_refused", detail=detail)
        case uploads.FileRefused():
            return lines.sentence(error, t)
        case DraftRefused():
            return rules.sentence(error.problems[0], t)
        case HeaderWrong():
            return t("error.header_wrong", detail=detail)
        case OSError():
            return t("error.system", detail=detail)
        case click.ClickException():
            return t("error.system", detail=error.format_message())
    return _sentence_of_a_maker(error, t)


def _sentence_of_a_maker(error: Exception, t: Language) -> str | None:
    """What an error of those who make files means; they are loaded by the commands that need them."""
    from taizhang.showing.export import TooLong

    if isinstance(error, TooLong):
        heading = t.of(tables.ledgers()[error.table].column(error.column).heading)
        return t("error.too_long", heading=heading, length=error.length)
    words = getattr(error, "words", None)  # a maker says what it refuses by the key of a sentence and its blanks
    return t(words[0], **words[1]) if words else None


def _in_the_book(act: str, folder: Path, number: int | None, detail: str) -> None:
    from taizhang.cli import book

    book.in_the_book(act, folder, number, detail)


def _unknown(error: Exception, folder: Path, t: Language) -> str:
    """One sentence for an error nobody foresaw; the traceback goes to a file, not to the reader."""
    path = folder / "last-error.txt"
    told = "".join(traceback.format_exception(error))
    try:
        path.write_text(told, encoding="utf-8")
    except OSError:  # there may be no store yet, and none is made for this
        path = Path(tempfile.gettempdir()) / "taizhang-last-error.txt"
        path.write_text(told, encoding="utf-8")
    return t("error.unknown", detail=type(error).__name__, path=path)


def _said_before(option: str, args: Sequence[str]) -> str | None:
    """The value of an option, found before the command line is parsed: errors of parsing need it too."""
    for place, arg in enumerate(args):
        if arg == option and place + 1 < len(args):
            return args[place + 1]
        if arg.startswith(f"{option}="):
            return arg.partition("=")[2]
    return None


def _campaigns(said: str | Path | None) -> Campaigns:
    return Campaigns(data_folder(said))


def _store(known: Campaigns, name: str | None) -> Store:
    """The store of the campaign asked for, else of the one that can be meant."""
    one = known.meant(name)
    return one.store if one else Store(known.folder)


def _words_of(known: Campaigns, name: str | None) -> Vocabulary:
    """The words of the campaign that can be meant; the usual ones where none can."""
    try:
        one = known.meant(name)
    except (NoCampaign, SeveralCampaigns):
        return USUAL
    return one.store.vocabulary() if one else USUAL


def _language(said: str | None) -> str:
    """The language asked for, else TAIZHANG_LANG, else Chinese; one we do not speak counts as not asked for."""
    return next((one for one in (said, os.environ.get("TAIZHANG_LANG")) if one in LANGUAGES), LANGUAGES[0])


# --- commands --------------------------------------------------------------------------------------------------


def _everywhere(function: Callable, languages: Sequence[str] = LANGUAGES) -> Callable:
    """The options that may stand before the command as well as after it."""
    function = click.option("--lang", type=click.Choice(languages))(function)
    function = click.option("--campaign", metavar="NAME")(function)
    return click.option("--store", type=click.Path(path_type=Path, file_okay=False))(function)


class Commands(click.Group):
    """The commands by name. Each is loaded when it is asked for: all of them take a third of a second, and most bring
    what makes papers or reads workbooks."""

    _t: Language | None = None

    def speak(self, t: Language) -> None:
        """Say help in the words of this language from now on; before, none is said."""
        self._t = t
        self._say_help("taizhang", self)

    def list_commands(self, ctx: click.Context | None = None) -> list[str]:
        return sorted(FOUND_IN)

    def get_command(self, ctx: click.Context | None, name: str) -> click.Command | None:
        if name not in FOUND_IN:
            return None
        if name not in self.commands:
            module = importlib.import_module(f"taizhang.cli.{FOUND_IN[name]}")
            for function in module.COMMANDS:
                self.command(function.__name__.rstrip("_"))(_as_command(function, FOUND_IN[name] in OF_ALL))
        if self._t:
            self._say_help(name, self.commands[name])
        return self.commands[name]

    def _say_help(self, name: str, one: click.Command) -> None:
        one.help = one.short_help = self._t(f"help.{name}")
        for option in one.params:
            if isinstance(option, click.Option):
                option.help = self._t(f"option.{option.name}")


@click.group(cls=Commands, invoke_without_command=True)
@_everywhere
@click.pass_context
def cli(context: click.Context, store: Path | None, campaign: str | None, lang: str | None) -> None:
    context.obj = {"store": store, "campaign": campaign, "lang": lang}
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _as_command(function: Callable, of_all: bool) -> Callable:
    """The function with --store, --campaign and --lang; it receives the store and `t` (words).

    One `of_all` receives the data folder's `Campaigns` instead, and the name said as `campaign`. One that lists its own
    `languages` (what it makes can be in more than one) receives the choice as `lang` as well.
    """
    languages = getattr(function, "languages", None)

    @functools.wraps(function)
    @click.pass_obj
    def wrapped(before: dict, store: Path | None, campaign: str | None, lang: str | None, **options: object):
        known = _campaigns(store or before["store"])
        name = campaign or before["campaign"] or os.environ.get("TAIZHANG_CAMPAIGN")
        own = None if of_all else _store(known, name)
        words = language(_language(lang or before["lang"]), own.vocabulary() if own else _words_of(known, name))
        if languages:
            options["lang"] = lang or words.code
        return function(own, words, **options) if own else function(known, words, campaign=name, **options)

    return _everywhere(wrapped, languages or LANGUAGES)

"""People, roles, sessions and the book of what was done, without a server."""

import csv
import json
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest

from taizhang import cli
from taizhang.access import attempts, passwords, people, roles, sessions
from taizhang.access.attempts import Attempts
from taizhang.access.audit import Audit
from taizhang.access.people import LastAdministrator, NameTaken, NoPerson, NotAPersonsName, People, Person
from taizhang.access.sessions import Sessions
from taizhang.store import Store

WORD = "河东-meeting-42"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Hashes of the same kind that take no time: what they cost is stated, and no test waits for it."""
    monkeypatch.setattr(passwords, "PARAMETERS", {"memory_cost": 8, "time_cost": 1, "parallelism": 1})


@pytest.fixture
def known(tmp_path) -> People:
    return People(tmp_path)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


# --- people ----------------------------------------------------------------------------------------------------


def test_an_account_is_kept_whole_for_nobody_else_to_read_and_without_the_password(known):
    made = known.add(" Li ", "李工", "editor", WORD)
    assert (made.name, made.shown, made.role, made.scope, made.epoch) == ("li", "李工", "editor", None, 0)
    assert known.find("LI") == known.find("ｌｉ") == made
    (path,) = (known.home / "people").glob("*.json")
    assert WORD not in path.read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(known.home.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", " ", "../x", "a/b", "a b", "a.json", "a\0b", "x" * 41])
def test_a_name_that_nobody_can_sign_in_with_is_refused(known, name):
    with pytest.raises(NotAPersonsName):
        known.add(name, "某人", "reader", WORD)
    assert known.find(name) is None


@pytest.mark.parametrize(("name", "shown"), [("Li", "别人"), ("wang", "李工"), ("wang", " 李工 ")])
def test_nobody_signs_in_or_is_shown_under_the_name_of_another(known, name, shown):
    known.add("li", "李工", "reader", WORD)
    with pytest.raises(NameTaken):
        known.add(name, shown, "administrator", WORD)
    assert [one.role for one in known.all()] == ["reader"]


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "short"), ("aaaaaaaaaaaa", "short"), ("x1y2" * 51, "long"), ("my-name-is-LI-2026", "name")],
)
def test_a_weak_password_is_refused_and_makes_no_account(known, password, why):
    with pytest.raises(passwords.TooWeak) as refused:
        known.add("li", "李工", "reader", password)
    assert refused.value.why == why
    assert known.names() == []


def test_whatever_takes_something_away_ends_sessions_and_what_gives_back_does_not(known):
    known.add("boss", "主任", "administrator", WORD)
    known.add("li", "李工", "editor", WORD)
    epochs = [
        known.reset("li", WORD + "!").epoch,
        known.give_role("li", "reader").epoch,
        known.hold_to("li", ["440703"]).epoch,
        known.disable("li").epoch,
        known.enable("li").epoch,
    ]
    assert epochs == [1, 2, 3, 4, 4]
    assert known.named("li").scope == ("440703",)
    with pytest.raises(NoPerson):
        known.reset("nobody", WORD)


@pytest.mark.parametrize("act", ["disable", "role"])
def test_the_last_administrator_stays_one(known, act):
    known.add("boss", "主任", "administrator", WORD)
    known.add("old", "前任", "administrator", WORD)
    known.disable("old")
    with pytest.raises(LastAdministrator):
        known.disable("boss") if act == "disable" else known.give_role("boss", "reader")
    assert known.named("boss").epoch == 0


def test_an_account_that_cannot_be_read_lets_nobody_in_and_still_asks_everybody_to_sign_in(known):
    known.add("li", "李工", "administrator", WORD)
    (path,) = (known.home / "people").glob("*.json")
    for text in ("", "{}", "[1]", '{"name": "li", "scope": null}', "\xff"):
        path.write_text(text, encoding="latin-1")
        assert known.find("li") is None
        assert known.is_configured()


# --- passwords -------------------------------------------------------------------------------------------------


def test_a_password_is_right_only_for_its_own_hash_however_a_keyboard_composes_it():
    hashed = passwords.kept("caf\u00e9-au-lait")
    assert hashed.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert passwords.is_right("cafe\u0301-au-lait", hashed)
    for wrong, of in (("cafe-au-lait", hashed), ("caf\u00e9-au-lait", None), ("", hashed), ("x", "no hash")):
        assert not passwords.is_right(wrong, of)


def test_the_figures_of_the_product_are_those_that_are_stated(monkeypatch):
    monkeypatch.undo()
    assert passwords.PARAMETERS == {"memory_cost": 65536, "time_cost": 3, "parallelism": 1}


def test_a_hash_of_older_figures_is_told_and_made_anew_without_ending_a_session(known, monkeypatch):
    known.add("li", "李工", "reader", WORD)
    monkeypatch.setitem(passwords.PARAMETERS, "time_cost", 2)
    was = known.named("li")
    assert passwords.is_old(was.password)
    known.renew_hash("li", WORD)
    now = known.named("li")
    assert not passwords.is_old(now.password)
    assert passwords.is_right(WORD, now.password)
    assert now.epoch == was.epoch


def test_a_password_that_is_made_up_is_strong_enough_and_never_the_same():
    made = {passwords.made_up() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.kept(one, "li") for one in made)


# --- roles -----------------------------------------------------------------------------------------------------

MAY = {
    "reader": {"look"},
    "unit": {"look"},  # and hands in, once it is said what is theirs
    "editor": {"look", "publish", "undo", "hand_out"},
    "presenter": {"look", "meet", "hand_out"},
    "administrator": set(roles.ACTS) - {"hand_in"},
}


def person(role: str, **more) -> Person:
    return Person("li", "李工", role, "", **more)


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("act", roles.ACTS)
def test_each_role_may_do_what_stands_here_and_nothing_else(role, act):
    assert roles.may(person(role), act) == (act in MAY[role])
    assert not roles.may(person(role, is_disabled=True), act)


@pytest.mark.parametrize("act", roles.ACTS)
def test_nobody_and_an_unknown_role_may_do_nothing(act):
    for one in (None, person("owner"), person("")):
        with pytest.raises(roles.NotAllowed):
            roles.expect(one, act)


def test_an_act_that_is_not_in_the_table_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        roles.may(person("administrator"), "fly")


# --- sessions --------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signed(known, clock) -> Sessions:
    known.add("boss", "主任", "administrator", WORD)
    known.add("li", "李工", "editor", WORD)
    return Sessions(known, clock)


def test_a_session_is_found_by_its_id_alone(signed):
    first, second = (signed.begin(signed.people.named("li")) for _ in range(2))
    assert first != second
    assert len(first) >= 43  # 256 bits in letters
    assert signed.person(signed.find(first)).shown == "李工"
    for guess in ("", first[:-1], first.swapcase(), "x" * 43, "\udcff"):
        assert signed.find(guess) is None


def test_a_session_ends_when_nobody_is_there_and_after_the_longest_day(signed, clock):
    idle, busy = (signed.begin(signed.people.named("li")) for _ in range(2))
    for _ in range(16):
        clock.now += sessions.IDLE - 60
        assert signed.find(busy)
    assert signed.find(idle) is None
    clock.now = 1000.0 + sessions.LONGEST + 1
    assert signed.find(busy) is None


@pytest.mark.parametrize("change", ["reset", "role", "scope", "disable", "gone"])
def test_a_change_by_another_process_ends_a_session_for_good(signed, known, change):
    given = signed.begin(known.named("li"))
    one = signed.find(given)
    other = People(known.folder)  # as the command line has it
    match change:
        case "reset":
            other.reset("li", WORD + "?")
        case "role":
            other.give_role("li", "administrator")
        case "scope":
            other.hold_to("li", ())
        case "disable":
            other.disable("li")
            other.enable("li")
        case "gone":
            (known.home / "people" / "li.json").unlink()
    assert signed.person(one) is None
    assert signed.find(given) is None


def test_signing_out_ends_one_session_and_no_other(signed, known):
    first, second = (signed.begin(known.named("li")) for _ in range(2))
    assert signed.end(first).is_over
    assert signed.end(first) is None
    assert (signed.find(first), signed.find(second).name) == (None, "li")


def test_sessions_of_one_person_and_in_all_are_bounded(signed, known, monkeypatch):
    given = [signed.begin(known.named("li")) for _ in range(sessions.MOST_OF_ONE + 1)]
    assert [bool(signed.find(one)) for one in given] == [False, *[True] * sessions.MOST_OF_ONE]
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 3)
    signed.begin(known.named("boss"))
    assert sum(bool(signed.find(one)) for one in given) == 2


def test_what_a_session_was_given_is_bounded(signed, known, monkeypatch):
    monkeypatch.setattr(sessions, "MOST_FILES", 2)
    one = signed.find(signed.begin(known.named("li")))
    for path in ("/media/a", "/media/b", "/media/a", "/media/c"):
        one.was_given(path)
    assert list(one.files) == ["/media/a", "/media/c"]


# --- attempts --------------------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_from_one_address_an_account_waits_there_and_not_elsewhere(clock):
    tried = Attempts(clock)
    assert [tried.begin("li", "10.0.0.1") for _ in range(5)] == [0] * 5
    assert tried.begin("li", "10.0.0.1") >= attempts.WITHIN
    assert tried.begin("li", "10.0.0.2") == tried.begin("wang", "10.0.0.1") == 0
    clock.now += attempts.WITHIN + 1
    assert tried.begin("li", "10.0.0.1") == 0


def test_many_addresses_on_one_account_and_one_address_on_many_accounts_wait(clock):
    tried = Attempts(clock)
    for number in range(attempts.MOST_OF_ACCOUNT):
        assert tried.begin("li", f"10.0.1.{number}") == 0
    assert tried.begin("li", "10.9.9.9")
    for number in range(attempts.MOST_OF_ADDRESS):
        assert tried.begin(f"guess{number}", "10.0.2.1") == 0
    assert tried.begin("wang", "10.0.2.1")


def test_the_right_password_makes_up_for_the_wrong_ones_and_counts_as_none(clock):
    tried = Attempts(clock)
    for _ in range(attempts.MOST_OF_ADDRESS * 2):  # a whole office behind one address signs in in the morning
        assert tried.begin("li", "10.0.0.1") == 0
        tried.succeeded("li", "10.0.0.1")
    for _ in range(4):
        tried.begin("li", "10.0.0.1")
    tried.succeeded("li", "10.0.0.1")
    assert [tried.begin("li", "10.0.0.1") for _ in range(6)][:5] == [0] * 5


def test_what_is_remembered_of_attempts_is_bounded(clock, monkeypatch):
    tried = Attempts(clock)
    monkeypatch.setattr(attempts, "MOST_KEYS", 9)
    for number in range(100):
        tried.begin(f"n{number}", f"10.1.0.{number}")
    assert len(tried._failed) == 9


# --- the book --------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path) -> Audit:
    one = Audit(tmp_path)
    one.write("li", "sign_in", role="editor", source="10.0.0.1")
    one.write("li", "publish", role="editor", source="10.0.0.1", campaign="JM2025", release=7, detail="每周更新")
    one.write("=cmd|' /C'!A0\n新行", "sign_in_failed", source="10.0.0.2")
    one.write("root", "user_add", source="terminal", detail="wang reader")
    return one


def test_the_book_says_what_was_done_in_order_and_nobody_else_reads_it(book):
    assert [(one.number, one.act, one.release) for one in book.entries()] == [
        (1, "sign_in", None),
        (2, "publish", 7),
        (3, "sign_in_failed", None),
        (4, "user_add", None),
    ]
    assert book.broken() is None
    if sys.platform != "win32":
        assert stat.S_IMODE(book.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("line", range(4))
@pytest.mark.parametrize("how", ["changed", "taken_out", "doubled", "swapped", "not_json"])
def test_a_line_that_is_not_what_was_written_is_found(book, line, how):
    lines = book.path.read_bytes().splitlines()
    match how:
        case "changed":
            lines[line] = lines[line].replace(b'"who": "', b'"who": "x', 1)
        case "taken_out":
            del lines[line]
        case "doubled":
            lines.insert(line, lines[line])
        case "swapped":
            lines[line], lines[line - 1] = lines[line - 1], lines[line]
        case "not_json":
            lines[line] = b"\xff"
    book.path.write_bytes(b"\n".join(lines) + b"\n")
    assert book.broken() is not None


@pytest.mark.parametrize("kept", range(4))
def test_lines_that_were_cut_off_at_the_end_are_found(book, kept):
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(lines[:kept]))
    assert (book.broken().what, book.broken().line) == ("cut", kept + 1)


def test_a_whole_new_chain_under_the_old_head_is_found(book, tmp_path):
    other = Audit(tmp_path / "other")
    for one in book.entries():
        other.write("somebody else", one.act)
    book.path.write_bytes(other.path.read_bytes())
    assert book.broken() is not None


def test_a_line_that_a_power_cut_left_half_written_counts_as_none_and_the_next_goes_on(book):
    whole = book.path.read_bytes()
    book.path.write_bytes(whole + b'{"number": 5, "at": "20')
    assert book.broken() is None
    assert book.write("li", "sign_out").number == 5
    assert book.broken() is None
    assert book.path.read_bytes().startswith(whole)


def test_a_line_that_was_written_before_a_power_cut_and_its_head_not_is_no_damage(book):
    head = book.path.with_name("audit.head")
    before = head.read_bytes()
    book.write("li", "sign_out")
    head.write_bytes(before)
    assert book.broken() is None
    assert book.write("li", "sign_in").number == 6


def test_a_book_that_is_gone_is_missed(book):
    book.path.unlink()
    assert book.broken().what == "cut"


# --- the commands ----------------------------------------------------------------------------------------------


@pytest.fixture
def tz(capfd, monkeypatch, tmp_path):
    """`tz("user", "list", said="…")` runs a command over the data folder of the test: its exit code, output, errors."""
    import io

    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path))
    monkeypatch.setenv("TAIZHANG_LANG", "en")

    def run(*args: object, said: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as left:
            cli.main([str(arg) for arg in args])
        return left.value.code, *capfd.readouterr()

    return run


def test_an_account_from_its_making_to_its_end(tz, known):
    assert tz("user", "list")[2].startswith("There are no accounts")
    code, said, _ = tz("user", "add", "boss", "--role", "administrator", "--shown", "主任", said=f"{WORD}\n")
    assert (code, said) == (0, "Account boss made (主任, administrator). Sign in with it when you open the board.\n")
    assert passwords.is_right(WORD, known.named("boss").password)
    password = tz("user", "add", "li", "--role", "editor", "--generate")[1].splitlines()[0].rpartition(": ")[2]
    assert passwords.is_right(password, known.named("li").password)
    assert tz("user", "role", "li", "--role", "reader")[0] == 0
    assert tz("user", "reset", "li", said="another-word-9\n")[0] == 0
    assert tz("user", "disable", "li")[0] == 0
    rows = tz("user", "list")[1].splitlines()
    assert [line.split() for line in rows[1:]] == [
        ["boss", "主任", "administrator", "all", "can", "sign", "in"],
        ["li", "li", "reader", "all", "disabled"],
    ]
    assert tz("user", "enable", "li")[0] == 0
    assert not known.named("li").is_disabled
    acts = [(one.act, one.detail, one.source) for one in Audit(known.folder).entries()]
    assert acts[0] == ("user_add", "boss administrator", "terminal")
    assert [act for act, _, _ in acts] == [
        f"user_{one}" for one in ("add", "add", "role", "reset", "disable", "enable")
    ]


@pytest.mark.parametrize(
    ("args", "said", "sentence"),
    [
        (("add",), "", "Say whose account"),
        (("add", "li"), "", "Say the role"),
        (("add", "a b", "--role", "reader"), WORD, "Nobody can sign in as “a b”"),
        (("add", "boss", "--role", "reader"), WORD, "“boss” is taken"),
        (("add", "li", "--role", "reader"), "short", "too short"),
        (("add", "li", "--role", "reader"), "x1y2" * 60, "too long"),
        (("add", "li", "--role", "reader"), "li-li-li-li-9", "contains the name"),
        (("reset", "wang"), WORD, "no account “wang” (there are: boss)"),
        (("role", "boss", "--role", "reader"), "", "last administrator"),
        (("disable", "boss"), "", "last administrator"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_changes_nothing(tz, known, args, said, sentence):
    known.add("boss", "主任", "administrator", WORD)
    before = known.all()
    code, _, error = tz("user", *args, said=said)
    assert (code, len(error.splitlines())) == (1, 1)
    assert sentence in error
    assert known.all() == before
    assert not Audit(known.folder).path.exists()


def test_the_book_is_shown_handed_out_and_a_change_of_it_found(tz, book, tmp_path):
    code, said, _ = tz("audit")
    assert (code, len(said.splitlines())) == (0, 5)
    _, lines, _ = tz("audit", "--json")
    assert json.loads(lines.splitlines()[0])["who"] == "li"
    assert tz("audit", "-o", tmp_path / "book.csv")[0] == 0
    with (tmp_path / "book.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 5
    assert rows[3][2].startswith("'=cmd")
    book.path.write_bytes(book.path.read_bytes().replace(b"JM2025", b"JM2026"))
    code, _, error = tz("audit")
    assert (code, len(error.splitlines())) == (1, 1)
    assert "line 3" in error


def test_verify_looks_at_the_book_too(tz, tiny_store, tmp_path, monkeypatch):
    home = tmp_path / "campaigns" / "JM2025"
    shutil.copytree(tiny_store.folder, home)
    book = Audit(tmp_path)
    book.write("li", "sign_in")
    assert tz("verify", "--part", "1/9999")[0] == 0
    book.path.write_bytes(book.path.read_bytes().replace(b'"li"', b'"wu"'))
    code, said, _ = tz("verify", "--part", "1/9999")
    assert code == 1
    assert "audit.jsonl" in said


def test_what_a_command_does_to_a_store_stands_in_the_book_where_people_sign_in(tz, tiny_store, tmp_path, known):
    store = Store(shutil.copytree(tiny_store.folder, tmp_path / "campaigns" / "JM2025"))
    assert tz("undo", store.live_number(), "--by", "某人", "--note", "看错了")[0] == 0
    assert not Audit(tmp_path).path.exists()
    known.add("boss", "主任", "administrator", WORD)
    assert tz("undo", store.live_number(), "--by", "某人", "--note", "又看错了")[0] == 0
    (line,) = Audit(tmp_path).entries()
    assert (line.act, line.source, line.campaign, line.release) == ("undo", "terminal", "JM2025", store.live_number())


def test_people_is_the_folder_people_lie_in_and_no_campaign(known):
    from taizhang.store.campaigns import Campaigns

    known.add("li", "李工", "reader", WORD)
    assert Campaigns(known.folder).names() == ()
    assert people.LONGEST_NAME == 40


def test_the_table_in_the_document_is_the_one_that_is_asked():
    text = (Path(__file__).resolve().parents[1] / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    told = {
        act: {role for role, cell in zip(roles.ROLES, cells, strict=True) if cell.strip()}
        for head, *cells in rows
        for act in re.findall(r"`(\w+)`", head)
    }
    assert told == {act: set(given) for act, given in roles.ACTS.items()}

"""The rules of the house, each a function from a text to its faults; each fault is also planted, to see it found."""

import ast
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import house
import pytest
from house import RANK, ROOT, is_within, module_of, nodes, parsed, strings, wing_of


def faulty(rule: Callable[[str, str], object], named: dict[str, str]) -> dict[str, object]:
    """File → its faults by a rule from name and text, for the files that have any."""
    found = {name: rule(name, text) for name, text in named.items()}
    return {name: faults for name, faults in found.items() if faults}


def is_chinese(text: str) -> bool:
    return re.search(r"[\u3400-\u9fff]", text) is not None


# --- who may import whom ---------------------------------------------------------------------------------------

# Front doors decide nothing. Behind them lies what makes, merges and writes: of the rows they may hold values only.
DOORS = ("ui", "cli")
BEHIND_THE_DOORS = tuple(f"taizhang.store.{name}" for name in ("disk", "engine", "refusals", "trends", "upkeep"))
VALUES_OF_ROWS = {
    "taizhang.rows.changes": {"CellName", "Choice", "Conflict", "Decisions", "WHOLE_ROW"},
    "taizhang.rows.comparison": {"KINDS", "Comparison", "RowChange", "TableComparison"},
    "taizhang.rows.ledgers": {"FileRefused", "RowsRefused"},
}
ONLY_HERE = {
    "duckdb": ("taizhang.store.engine",),
    "plotly": ("taizhang.drawing.html.chart",),
    "streamlit": ("taizhang.ui", "taizhang.frame", "taizhang.server", "pages", "app"),
}
LAZY = {("server", "streamlit")}  # `taizhang ask` should not wait for it


def import_faults(module: str, source: str) -> list[str]:
    faults = []
    for one in house.imports(source):
        faults += library_faults(module, one)
        faults += wing_faults(module, one.whole)
    return faults


def library_faults(module: str, one: house.Import) -> Iterator[str]:
    for library, homes in ONLY_HERE.items():
        if not is_within(one.whole, library):
            continue
        if not any(is_within(module, home) for home in homes):
            yield f"{module} imports {library}"
        if (wing_of(module), library) in LAZY and one.is_at_the_top:
            yield f"{module} imports {library} at once"


def wing_faults(module: str, imported: str) -> Iterator[str]:
    mine, theirs = wing_of(module), wing_of(imported)
    if imported.startswith("."):
        yield f"{module} imports relatively"
    if mine in DOORS and is_behind_the_doors(imported):
        yield f"{module} imports {imported}, behind the doors"
    if not imported.startswith("taizhang.") or theirs == mine:
        return
    if theirs not in RANK and theirs[:1] != "_":
        yield f"{module} imports {imported}, which is in no wing"
    elif mine in RANK and RANK.get(theirs, -1) >= RANK[mine]:
        yield f"{module} imports {imported}, which does not stand below it"


def is_behind_the_doors(imported: str) -> bool:
    """Whether a door may not import it: what makes releases and rows, beside the values they consist of."""
    home, _, name = imported.rpartition(".")
    is_more_than_a_value = imported in VALUES_OF_ROWS or name not in VALUES_OF_ROWS.get(home, {name})
    return is_more_than_a_value or any(is_within(imported, place) for place in BEHIND_THE_DOORS)


def test_imports_point_one_way():
    assert faulty(lambda name, text: import_faults(module_of(name), text), house.sources()) == {}


def test_every_module_stands_in_a_wing():
    wings = {wing_of(module_of(name)) for name in house.sources()}
    assert wings - {"taizhang"} == set(RANK)


def test_no_module_imports_itself_by_way_of_others():
    found = house.circles(house.graph(house.modules(house.sources())))
    assert found == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("taizhang.store.releases", "import duckdb"),
        ("pages.upload", "import duckdb"),
        ("taizhang.exhibits", "from plotly import graph_objects"),
        ("taizhang.exhibits.overview", "import streamlit as st"),
        ("taizhang.server", "from streamlit import config"),
        ("taizhang.declared.tables", "from taizhang.store import releases"),
        ("taizhang.declared.tables", "def f():\n    from taizhang.store import releases"),
        ("taizhang.store.releases", "from taizhang.exhibits import Exhibit"),
        ("taizhang.rows.changes", "from taizhang.drawing import shapes"),
        ("taizhang.exhibits.history", "from taizhang.uploads import check"),
        ("taizhang.store.engine", "from . import tables"),
        ("taizhang.store.engine", "from taizhang import nowhere"),
        ("taizhang.ui.page", "from taizhang import cli"),
        ("taizhang.cli.uploads", "from taizhang.ui import page"),
        ("taizhang.ui.page", "from taizhang.store import engine"),
        ("taizhang.cli.uploads", "from taizhang.store.engine import Unreadable"),
        ("taizhang.ui.page", "from taizhang.store import disk"),
        ("taizhang.ui.page", "from taizhang.rows.changes import merge"),
        ("taizhang.cli.uploads", "from taizhang.rows.comparison import diff"),
        ("taizhang.cli.uploads", "from taizhang.rows import ledgers"),
    ],
)
def test_a_wrong_import_is_found(module, source):
    assert import_faults(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("taizhang.store.engine", "import duckdb"),
        ("taizhang.drawing.html.chart", "import plotly.graph_objects as go"),
        ("taizhang.ui.page", "import streamlit as st"),
        ("app", "import streamlit as st"),
        ("taizhang.server", "def serve():\n    from streamlit import config"),
        ("taizhang.uploads", "from taizhang.store import releases"),
        ("taizhang.ui.page", "from taizhang.ui import panel"),
        ("taizhang.cli", "from taizhang import server"),
        ("taizhang.cli.told", "from taizhang.rows.comparison import RowChange"),
        ("taizhang.ui.page", "from taizhang.store import Unreadable, drafts"),
        ("taizhang.cli", "from taizhang import __version__"),
    ],
)
def test_a_right_import_is_no_fault(module, source):
    assert import_faults(module, source) == []


def test_a_circle_is_found_also_through_an_import_inside_a_function():
    told = {"a": "import b", "b": "from c import d", "c": "def f():\n    import a", "e": "import a"}
    assert house.circles(house.graph(told)) == ["a", "b", "c"]


def test_the_graph_names_modules_and_not_their_packages_and_refuses_relative_imports():
    told = {"p": "", "p.one": "from p import two, three", "p.two": "import p.one", "q": "from p.one import name"}
    assert house.graph(told) == {"p": set(), "p.one": {"p.two", "p"}, "p.two": {"p.one"}, "q": {"p.one"}}
    for source in ("from . import a", "from .a import b", "def f():\n    from .. import a"):
        with pytest.raises(ValueError, match="relatively"):
            house.graph({"p.one": source})


# --- how a page reads ------------------------------------------------------------------------------------------

PAGE_LINES = 80
PAGE_IMPORTS = ("streamlit", "taizhang.ui", "taizhang.exhibits")
NOT_ON_A_PAGE = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.BinOp,
    ast.AugAssign,
    ast.JoinedStr,
)
MAY_TRY = {"pages/upload.py"}  # refused files are shown there, not raised


def page_faults(name: str, source: str) -> list[str]:
    faults = []
    if not (ast.get_docstring(parsed(source)) or "").rstrip().endswith(("?", "？")):
        faults.append("the docstring is not the reader's question")
    if len(source.splitlines()) > PAGE_LINES:
        faults.append(f"longer than {PAGE_LINES} lines")
    for node in nodes(source):
        if isinstance(node, NOT_ON_A_PAGE) or (isinstance(node, ast.Try) and name not in MAY_TRY):
            faults.append(f"line {node.lineno}: {type(node).__name__}")
    faults.extend(f"imports {one.whole}" for one in house.imports(source) if not page_may_import(one.whole))
    for node in strings(source):
        if is_chinese(node.value) or " " in node.value.strip():
            faults.append(f"line {node.lineno}: a reader sees {node.value!r}, which is not in the words")
    return faults


def page_may_import(module: str) -> bool:
    return any(is_within(module, one) for one in PAGE_IMPORTS)


def test_a_page_is_a_question_and_a_list_of_what_answers_it():
    assert faulty(page_faults, house.pages()) == {}


GOOD_PAGE = '"""Where do we stand?"""\n\nfrom taizhang import ui\n\npage = ui.page("overview")\npage.title()\n'


@pytest.mark.parametrize(
    "more",
    [
        "def total(): return 1",
        "class Total: pass",
        "for one in (): pass",
        "try:\n    page\nexcept Exception: raise",
        "page.show(1 + 1)",
        "page.show([one for one in ()])",
        "import pandas",
        "from taizhang import releases",
        'page.show("逾期")',
        'page.show("Overdue measures")',
        'page.show(f"{page} late")',
        "\n" * 80,
        "page.show(lambda: 1)",
    ],
)
def test_a_page_that_does_more_is_found(more):
    assert page_faults("pages/x.py", GOOD_PAGE) == []
    assert page_faults("pages/x.py", GOOD_PAGE + more)


def test_a_page_without_a_question_is_found():
    assert page_faults("pages/x.py", GOOD_PAGE.replace("Where do we stand?", "The overview."))
    assert page_faults("pages/x.py", "page = 1")


# --- names -----------------------------------------------------------------------------------------------------

VAGUE = re.compile(r"(manager|service|helper|util)s?$", re.IGNORECASE)


def vague_names(name: str, source: str) -> list[str]:
    classes = [node.name for node in nodes(source) if isinstance(node, ast.ClassDef)]
    return [one for one in [*module_of(name).split("."), *classes] if VAGUE.search(one)]


def test_nothing_is_called_manager_service_helper_or_utils():
    assert faulty(vague_names, house.sources()) == {}


@pytest.mark.parametrize(
    ("name", "source"),
    [("taizhang/utils.py", ""), ("taizhang/ui/helpers.py", ""), ("taizhang/a.py", "class ReleaseManager: pass")],
)
def test_a_vague_name_is_found(name, source):
    assert vague_names(name, source)


# --- words -----------------------------------------------------------------------------------------------------


def words_in(text: str) -> dict[str, str]:
    """`group.key` → words of one TOML file."""
    return {f"{group}.{key}": said for group, keys in tomllib.loads(text).items() for key, said in keys.items()}


def all_words(language: str) -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "taizhang" / "declared" / "words").glob(f"*{language}.toml")):
        found.update(words_in(path.read_text(encoding="utf-8")))
    return found


def blanks(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name is not None}


def word_faults(zh: dict[str, str], en: dict[str, str]) -> list[str]:
    faults = [f"{key} is in one language only" for key in sorted(zh.keys() ^ en.keys())]
    for key in sorted(zh.keys() & en.keys()):
        if not (zh[key].strip() and en[key].strip()):
            faults.append(f"{key} is empty")
        if blanks(zh[key]) != blanks(en[key]):
            faults.append(f"{key} has the blanks {blanks(zh[key])} and {blanks(en[key])}")
    return faults


def test_both_languages_have_the_same_words_with_the_same_blanks():
    assert word_faults(all_words("zh"), all_words("en")) == []


def test_every_word_file_has_its_twin_and_no_key_stands_in_two_files():
    folder = ROOT / "taizhang" / "declared" / "words"
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*zh.toml")):
        assert (folder / path.name.replace("zh.toml", "en.toml")).exists(), path.name
        for key in words_in(path.read_text(encoding="utf-8")):
            assert seen.setdefault(key, path.name) == path.name, key
    assert len(list(folder.glob("*.toml"))) == 2 * len(list(folder.glob("*zh.toml")))


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ({"a.b": "甲"}, {}),
        ({}, {"a.b": "A"}),
        ({"a.b": "甲"}, {"a.b": " "}),
        ({"a.b": "{n} 项"}, {"a.b": "items"}),
        ({"a.b": "{n} 项"}, {"a.b": "{count} items"}),
    ],
)
def test_words_that_differ_between_the_languages_are_found(zh, en):
    assert word_faults(zh, en)


KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_]+")


def patterns(found: Iterable[ast.AST]) -> set[str]:
    """The keys that nodes name: `t("a.b")` names itself, `t(f"a.{code}")` names `a.*`, every key of the group a."""
    found = list(found)
    parts = {id(part) for node in found if isinstance(node, ast.JoinedStr) for part in node.values}
    told = {pattern_of(node) for node in found if id(node) not in parts}
    return {one for one in told if re.fullmatch(r"[a-z0-9_*]+\.[a-z0-9_*]+", one) and set(one) - {"*", "."}}


def pattern_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""


def asked_keys(source: str) -> Iterator[tuple[int, str]]:
    """The patterns that are certainly keys: the first argument of a call of `t`, of `view.t`, of `page.t`."""
    for node in nodes(source):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name == "t":
                first = node.args[0]
                yield from ((node.lineno, one) for one in patterns(ast.walk(first)))
                if isinstance(first, ast.Constant) and not KEY.fullmatch(str(first.value)):
                    yield node.lineno, str(first.value)


def named_keys(pattern: str, keys: Iterable[str]) -> set[str]:
    """The keys that a pattern stands for; most patterns are keys themselves, and are only looked up."""
    if "*" not in pattern:
        return {pattern} & set(keys)
    spelt = re.compile(re.escape(pattern).replace(r"\*", "[a-z0-9_]+"))
    return {key for key in keys if spelt.fullmatch(key)}


def names_in(source: str) -> set[str]:
    return {node.value for node in strings(source)}


def unused_keys(keys: Iterable[str], sources: dict[str, str]) -> list[str]:
    """Keys that no file names. A key `group.name` is also named by the text "name" in a file called group.py."""
    known, used, by_group = set(keys), set(), {}
    for name, source in sources.items():
        used.update(*(named_keys(pattern, known) for pattern in patterns(nodes(source))))
        by_group.setdefault(Path(name).stem, set()).update(names_in(source))
    used.update(f"{group}.{name}" for group, names in by_group.items() for name in names)
    return sorted(known - used)


def missing_keys(keys: Iterable[str], source: str) -> list[str]:
    known = set(keys)
    return [f"line {line}: {pattern}" for line, pattern in asked_keys(source) if not named_keys(pattern, known)]


def test_no_words_are_left_over():
    assert unused_keys(all_words("zh"), house.sources()) == []


def test_no_words_are_missing():
    words = all_words("zh")
    assert faulty(lambda _, text: missing_keys(words, text), house.sources()) == {}


def test_a_key_that_nobody_uses_or_nobody_wrote_is_found():
    code = {"pages/study.py": 'page.t("study.title"); t(f"strand.{code}"); page.tabs("events")'}
    keys = ["study.title", "study.events", "strand.research", "study.left_over", "review.events"]
    assert unused_keys(keys, code) == ["review.events", "study.left_over"]
    assert missing_keys(keys, 't("study.title"); view.t(f"strand.{code}")') == []
    assert len(missing_keys(keys, 't("study.forgotten"); page.t(f"place.{code}"); t("Overdue measures")')) == 3


# Chinese that stands in the code, and why it may.
CHINESE = {
    "taizhang/declared/dictionary.py": None,  # a document in two languages at once, not a screen in one of them
    "taizhang/server/__init__.py": None,  # said in both languages at once, before anyone has chosen one
    "taizhang/uploads/shipped.py": None,  # notes of releases are kept in both languages, in the release
    "taizhang/store/taking_back.py": {"清除示例数据"},  # the same
    "taizhang/declared/values.py": {"(清空)", "是", "否"},  # what people write in files, in either language
    "taizhang/declared/wording.py": {"月", "日"},  # how a date is written in Chinese
}


def chinese_in(source: str) -> set[str]:
    return {node.value for node in strings(source) if is_chinese(node.value)}


def unexpected_chinese(name: str, source: str) -> set[str]:
    allowed = CHINESE.get(name, set())
    return set() if allowed is None else chinese_in(source) - allowed


def test_no_chinese_stands_in_the_code():
    assert faulty(unexpected_chinese, house.sources()) == {}


def test_chinese_in_the_code_is_found_but_not_in_docstrings():
    assert chinese_in('"""台账"""\nx = "逾期"  # 注释\ny = f"共 {x}"\n') == {"逾期", "共 "}


# --- SQL -------------------------------------------------------------------------------------------------------

SQL = re.compile(r"\s*(select|from|insert|update|delete|create|attach|copy|with)\s", re.IGNORECASE)
# No parameter can say which file is attached or which table is read; the path is ours, and so are the names.
MADE_SQL = {"taizhang/store/engine.py": {"attach ", "from ", "select "}}


def first_text(node: ast.AST) -> str:
    """The text a string that is put together opens with; empty when it is not put together."""
    if isinstance(node, ast.JoinedStr):
        is_formatted = any(isinstance(part, ast.FormattedValue) for part in node.values)
        return opening(node.values[0]) if is_formatted and node.values else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        return opening(node.left) or first_text(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
        return opening(node.func.value)
    return ""


def opening(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def made_sql(source: str) -> set[str]:
    return {text for text in map(first_text, nodes(source)) if SQL.match(text)}


def tidy(text: str) -> str:
    return SQL.match(text)[0]


def unexpected_sql(name: str, source: str) -> set[str]:
    return {tidy(text) for text in made_sql(source)} - MADE_SQL.get(name, set())


def test_no_sql_is_put_together():
    assert faulty(unexpected_sql, house.sources()) == {}


@pytest.mark.parametrize(
    "source",
    [
        'f"select * from {table}"',
        'f"from {table}"',
        '"select * from " + table',
        '"select * from %s" % table',
        '"insert into {} values (1)".format(table)',
        '"delete from " + table + " where 1"',
        'f"""\n  with a as {b}"""',
    ],
)
def test_sql_that_is_put_together_is_found(source):
    assert made_sql(source)


def test_plain_sql_and_plain_sentences_are_no_fault():
    assert made_sql('x = "select 1"; y = f"{x} select"; z = "chosen: " + x') == set()
    assert made_sql('re.search(r"create table (\\w+)", x)') == set()


# --- what reaches the browser ----------------------------------------------------------------------------------


def browser_faults(name: str, source: str) -> list[str]:
    faults = []
    for node in nodes(source):
        if isinstance(node, ast.Attribute) and node.attr == "download_button" and not name.startswith("taizhang/ui"):
            faults.append("a download that ui does not know of")
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            faults.append("unsafe_allow_html")
    return faults


def test_downloads_and_html_go_through_ui():
    assert faulty(browser_faults, house.sources()) == {}


def test_a_raw_download_and_raw_html_are_found():
    assert browser_faults("pages/x.py", 'st.download_button("a", b"")')
    assert browser_faults("taizhang/ui/page.py", 'st.markdown("<b>", unsafe_allow_html=True)')
    assert browser_faults("taizhang/ui/page.py", 'st.download_button("a", b"")') == []


# --- whatever fails is said ------------------------------------------------------------------------------------


def unguarded_callbacks(_name: str, text: str) -> list[str]:
    """Callbacks that are not `act`s: an error in one would end in the framework's own words."""
    acts = acts_known_in(text)
    given = [one.value for node in nodes(text) if isinstance(node, ast.Call) for one in node.keywords if is_on(one.arg)]
    given += [
        value
        for node in nodes(text)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and is_on(key.value)
    ]
    called = [ast.unparse(one.body.func if isinstance(one, ast.Lambda) else one) for one in given]
    return [one for one in called if one not in {*acts, "'rerun'", "'ignore'"} and not one.startswith("act(")]


def is_on(name: object) -> bool:
    return isinstance(name, str) and re.fullmatch("on_click|on_submit|on_(.+_)?change", name) is not None


def acts_known_in(text: str, kinds: tuple[str, ...] = ("act", "once")) -> set[str]:
    """The acts of a module, and of those that it imports from."""
    acts = acts_in(text, kinds)
    for node in nodes(text):
        path = f"{(node.module or '').replace('.', '/')}.py" if isinstance(node, ast.ImportFrom) else ""
        acts |= acts_in(house.sources()[path], kinds) if path in house.sources() else set()
    return acts


def acts_in(text: str, kinds: tuple[str, ...] = ("act", "once")) -> set[str]:
    functions = (node for node in nodes(text) if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if any(ast.unparse(one) in kinds for one in node.decorator_list)}


# What a second click is to do again (the next slide but one), or may, since it comes to the same.
AGAIN = {"_turn", "_move"}
THE_SAME = {"put_away", "_start", "_ask_discard", "_ask_drop", "_stay", "leave_draft", "leave_district"}


def done_twice(_name: str, text: str) -> list[str]:
    """What a button does, and a double click would do twice."""
    calls = (node for node in nodes(text) if isinstance(node, ast.Call))
    given = {ast.unparse(one.value) for node in calls for one in node.keywords if one.arg == "on_click"}
    return sorted(given - acts_known_in(text, ("once",)) - AGAIN - THE_SAME - {"'ignore'"})


def address_faults(name: str, text: str) -> bool:
    """Reading or writing the address anywhere but where nothing in it can fail."""
    return "query_params" in text.replace("query_params=", "") and name != "taizhang/ui/address.py"


def test_every_callback_is_an_act_and_the_address_is_read_in_one_place():
    own = {name: text for name, text in house.sources().items() if name.startswith(("taizhang/ui/", "pages/"))}
    assert faulty(unguarded_callbacks, own) == {}
    assert faulty(address_faults, own) == {}


def test_a_double_click_does_no_act_twice():
    assert (
        faulty(done_twice, {name: text for name, text in house.sources().items() if name.startswith("taizhang/ui/")})
        == {}
    )
    assert done_twice("x", "@act\ndef f(x):\n    pass\n\nst.button('a', on_click=f)\n") == ["f"]


@pytest.mark.parametrize(
    "more", ["st.button('a', on_click=f)", "T(on_pick_change=lambda: f(1))", "x = {'on_change': f}"]
)
def test_a_callback_that_is_no_act_is_found(more):
    source = f"def f(x):\n    pass\n\n{more}\n"
    assert unguarded_callbacks("x", source) == ["f"]
    assert unguarded_callbacks("x", f"@act\n{source}") == []


def test_an_address_that_is_read_elsewhere_is_found():
    assert address_faults("taizhang/ui/page.py", "st.query_params.get('fact')")
    assert not address_faults("taizhang/ui/page.py", "st.switch_page(x, query_params={})")


# --- documents -------------------------------------------------------------------------------------------------


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"taizhang ([a-z]+)", text))


def test_the_documents_name_every_page_and_every_command_and_no_other():
    from taizhang.cli import cli

    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(\.\./(pages/\w+\.py)\)", guide)) == set(house.pages())
    for name in ("README.md", "README.zh.md"):
        assert commands_in((ROOT / name).read_text(encoding="utf-8")) == set(cli.list_commands())


def test_every_link_in_the_documents_leads_to_a_file():
    for path in [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("**/*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if link.startswith("http") or "screenshots/" in link:  # screenshots are taken by the browser tests
                continue
            assert (path.parent / link).exists(), f"{path.name}: {link}"


# --- one scale -------------------------------------------------------------------------------------------------

STYLES = ROOT / "taizhang" / "drawing" / "html" / "css"
SNAPSHOT = ROOT / "taizhang" / "showing" / "papers" / "snapshot.css"
SCALE = "scale.css"
SIZE = re.compile(r"inherit|var\(--tz-size-[a-z]+\)")
WEIGHT = re.compile(r"inherit|var\(--tz-(regular|strong|bold)\)")
HAIR = re.compile(r"-?[12]px")  # what sets a line apart from a drawing; any other length is on the scale or in em
LENGTH = re.compile(r"-?[\d.]+(?:px|rem)")
WITH_THE_PICTURE = {"tilemap.css"}  # names on a map grow with its tiles: its sizes are shares of a tile


def scale_faults(name: str, text: str) -> list[str]:
    """What a style sheet says of type and space in its own words instead of the scale's."""
    said = re.findall(
        r"(?<![\w-])(font-size|font-weight|(?:row-|column-)?gap|(?:padding|margin)(?:-\w+)?):([^;}]+)", text
    )
    faults = []
    for prop, value in said:
        if prop == "font-size" and not SIZE.fullmatch(value.strip()) and name not in WITH_THE_PICTURE:
            faults.append(f"font-size:{value}")
        if prop == "font-weight" and not WEIGHT.fullmatch(value.strip()):
            faults.append(f"font-weight:{value}")
        if not prop.startswith("font-"):
            faults += [f"{prop}:{value}" for one in LENGTH.findall(value) if not HAIR.fullmatch(one)]
    return faults


def test_every_size_weight_and_space_of_the_screen_comes_from_one_scale():
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (*STYLES.glob("*.css"), SNAPSHOT)}
    assert faulty(scale_faults, {name: text for name, text in sheets.items() if name != SCALE}) == {}
    named = dict(re.findall(r"--tz-([a-z]+(?:-[a-z0-9]+)?):([\d.]+)", sheets[SCALE]))
    assert sum(name.startswith("size-") for name in named) <= 8
    assert [named[name] for name in ("regular", "strong", "bold")] == ["400", "600", "700"]
    spaces = {int(name.removeprefix("space-")): value for name, value in named.items() if name.startswith("space-")}
    assert {space: float(value) * 16 for space, value in spaces.items()} == {space: space for space in spaces}
    assert list(spaces) == [4, 8, 12, 16, 24, 32, 48, 64]


@pytest.mark.parametrize("more", ["font-size:.9rem", "font-size:1.1em", "font-weight:650", "margin:0 .3rem", "gap:5px"])
def test_a_size_of_its_own_is_found(more):
    good = "a{font-size:var(--tz-size-body);margin:0 2px var(--tz-space-4);padding-left:.5em;font-weight:inherit}"
    assert scale_faults("x.css", good) == []
    assert scale_faults("x.css", f"{good}b{{{more}}}") == [more]


# --- style -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [("check",), ("format", "--check")], ids=" ".join)
def test_every_file_is_in_the_style_of_the_house(rule):
    said = subprocess.run(
        [sys.executable, "-m", "ruff", *rule, "--no-cache", "."], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout + said.stderr

"""The guide: complete in both languages, its commands run, and the same inside the app."""

import re
import shlex
import shutil

import house
import pytest
from test_pages import open_page, text_of

from taizhang.cli import main
from taizhang.declared import guide
from taizhang.declared.guide import PARTS, Picture
from taizhang.declared.headers import LANGUAGES

FILE = "措施编号,进度%\nCS-002,90\n"  # what a clerk of the guide hands in


def pictures(part: guide.Part) -> list[Picture]:
    return [block for section in part.sections for block in section.blocks if isinstance(block, Picture)]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_the_same_steps_and_pictures_in_both_languages(name):
    zh, en = (guide.part(name, lang) for lang in LANGUAGES)
    assert [one.about for one in zh.sections] == [one.about for one in en.sections]
    assert [one.path.name.replace("-zh.", "-en.") for one in pictures(zh)] == [one.path.name for one in pictures(en)]
    assert all(one.path.exists() and one.shows for one in (*pictures(zh), *pictures(en)))
    assert not re.search("[一-鿿]", str([(one.title, one.blocks) for one in en.sections]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_board_has_its_section(lang):
    assert {f"pages/{one.about}.py" for one in guide.part("pages", lang).sections} == set(house.pages())


def commands(lang: str) -> list[list[str]]:
    said = "\n".join((guide.GUIDE / f"{name}.{lang}.md").read_text(encoding="utf-8") for name in PARTS)
    lines = [line for block in re.findall(r"```sh\n(.*?)```", said, re.DOTALL) for line in block.splitlines()]
    return [shlex.split(line) for line in lines]


def test_every_command_of_the_guide_runs_one_after_another(tiny_store, tmp_path, monkeypatch, capfd):
    shutil.copytree(tiny_store.folder, tmp_path / "data" / "campaigns" / "demo")
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "周报.csv").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path / "data"))
    monkeypatch.setenv("TAIZHANG_CAMPAIGN", "demo")
    for program, *words in commands("zh"):
        assert program == "taizhang"
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0, (words, *capfd.readouterr())


def test_the_commands_of_both_languages_differ_in_names_and_notes_alone():
    def shape(words: list[str]) -> list[str]:
        options = [word for word in words if word.startswith("-")]
        return [words[1], *options, *(word.rpartition(".")[2] for word in words if "." in word)]

    assert [shape(words) for words in commands("zh")] == [shape(words) for words in commands("en")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_opens_inside_the_app_at_what_was_asked_for(lang, tiny_store, monkeypatch):
    app = open_page("guide", tiny_store, monkeypatch, lang=lang, part="pages", about="upload")
    assert not app.exception
    sections = guide.part("pages", lang).sections
    first = min(sections, key=lambda one: text_of(app).index(f">{one.title}<"))
    assert first.about == "upload"  # whatever its place in the documents
    app.segmented_control("guide_part").set_value("clerk").run()
    assert not app.exception
    assert guide.part("clerk", lang).sections[-1].title in text_of(app)


def test_a_page_leads_to_its_part_of_the_guide_in_its_own_language(tiny_store, monkeypatch):
    app = open_page("upload", tiny_store, monkeypatch, lang="en")
    assert 'href="guide?part=pages&amp;about=upload&amp;lang=en"' in "".join(one.proto.body for one in app.get("html"))

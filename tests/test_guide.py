"""The guide: complete in both languages, its commands run, and the same inside the app."""

import re
import shlex
import shutil
import sys

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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_of_the_guide_runs_one_after_another(lang, tiny_store, tmp_path, monkeypatch, capfd):
    shutil.copytree(tiny_store.folder, tmp_path / "data" / "campaigns" / "demo")
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("TAIZHANG_STORE", str(tmp_path / "data"))
    for name in ("周报.csv", "week.csv"):
        (tmp_path / "desk" / name).write_text(FILE, encoding="utf-8")
    before_new = True
    for program, *words in commands(lang):
        assert program == "taizhang"
        before_new &= words[0] != "new"
        monkeypatch.setenv("TAIZHANG_CAMPAIGN", "demo")
        monkeypatch.setattr(sys, "argv", [program, *words])
        with pytest.raises(SystemExit) as left:
            main([*words, "--lang", lang] if words[0] != "handout" else words)
        out, err = capfd.readouterr()
        assert left.value.code == 0, (words, out, err)
    assert not before_new


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

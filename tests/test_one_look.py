"""One look a run: a rerun of a page reads LIVE once, looks once, and opens no more releases than it shows."""

import pytest
from streamlit.testing.v1 import AppTest

from taizhang.store import disk, engine
from taizhang.ui import controls

PAGES = [name for name in controls.PAGES if name not in ("hand_in", "upload", "meeting", "new")]


def warm(name: str, store, monkeypatch) -> AppTest:
    """A page as a reader has it on screen, about to be drawn again."""
    monkeypatch.setenv("TAIZHANG_STORE", str(store))
    page = AppTest.from_file(str(controls.ROOT / "taizhang" / "frame.py"), default_timeout=60)
    page.run()
    if name != controls.PAGES[0]:
        page.switch_page(str(controls.ROOT / "pages" / f"{name}.py")).run()
    assert not page.exception
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_rerun_reads_live_once_and_looks_once(demo_store, monkeypatch, name):
    page, reads, looks = warm(name, demo_store, monkeypatch), [], []
    live_number, look = disk.live_number, controls.look
    monkeypatch.setattr(disk, "live_number", lambda folder: reads.append(folder) or live_number(folder))
    monkeypatch.setattr(
        "taizhang.store.releases.live_number", lambda folder: reads.append(folder) or live_number(folder)
    )
    monkeypatch.setattr(controls, "look", lambda *asked: looks.append(asked) or look(*asked))
    page.run()
    assert not page.exception
    assert len(reads) == 1
    assert len(looks) == 1


@pytest.mark.parametrize("name", ["overview", "rectification", "research"])
def test_a_rerun_with_another_filter_asks_only_the_releases_it_shows(demo_store, monkeypatch, name):
    page, asked = warm(name, demo_store, monkeypatch), set()
    ask, view = engine.ask, controls.look(controls.store(), controls.Choices())
    monkeypatch.setattr(engine, "ask", lambda path, *rest, **more: asked.add(path.name) or ask(path, *rest, **more))
    district = demo_store.live().ask("districts").rows[0][0]
    page.selectbox(key="district").set_value(district).run()
    assert not page.exception
    assert asked <= {view.release.on_disk.name, view.compared.on_disk.name}

"""The product as a wheel: installed into an empty environment, started in an empty folder, it opens the demo."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
BUILT_FROM = (
    "taizhang",
    "setup.py",
    "pyproject.toml",
    "requirements.lock",
    "LICENSE",
    "NOTICE",
    "app.py",
    "pages",
    "queries",
    "data",
    "docs",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this tree, built without a network."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name in (*BUILT_FROM, ".streamlit"):
        if (ROOT / name).is_dir():
            others = ("store",) if name == "data" else ()  # what somebody works with
            ignored = shutil.ignore_patterns("__pycache__", "screenshots", *others)
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w", out]
    subprocess.run([*map(str, build), str(source)], check=True, capture_output=True)
    (made,) = out.glob("taizhang-*.whl")
    return made


def test_a_wheel_carries_all_that_stands_beside_the_package(wheel):
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    for folder in ("pages", "queries", "data", "docs/guide"):
        own = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        own = {one for one in own if "__pycache__" not in one and not one.startswith("data/store/")}
        assert {f"taizhang/beside/{one}" for one in own} <= names
    assert {"taizhang/beside/app.py", "taizhang/beside/.streamlit/config.toml"} <= names
    assert not [name for name in names if "/store/" in name and "beside" in name]


def test_it_opens_the_demo_in_an_empty_folder(wheel, tmp_path, quiet_page, started):
    environment, home, empty = tmp_path / "environment", tmp_path / "home", tmp_path / "empty"
    home.mkdir()
    empty.mkdir()
    venv.create(environment)  # without pip: what it depends on is borrowed, the program is not
    own = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (own / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(own)
    python = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    outside = {name: value for name, value in os.environ.items() if name not in ("TAIZHANG_STORE", "PYTHONPATH")}
    asked = {"cwd": empty, "env": {**outside, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1"}}
    where = subprocess.run([python, "-c", "import taizhang; print(taizhang.__file__)"], **asked, capture_output=True)
    assert str(own) in where.stdout.decode()
    with started([python, "-c", "from taizhang.begin import command; command()", "run", "--port"], **asked) as url:
        quiet_page.goto(f"{url}/?lang=zh")
        expect(quiet_page.locator(".tzp-head")).to_be_visible(timeout=30_000)
        expect(quiet_page.get_by_text("这是示例").first).to_be_visible()
    assert (home / "taizhang").is_dir()
    command = [python, "-c", "from taizhang.begin import command; command()", "doctor", "--lang", "en"]
    said = subprocess.run(command, **asked, capture_output=True, encoding="utf-8")
    assert (said.returncode, "release 13 (as of 2019-11-29) is whole" in said.stdout) == (0, True), said.stdout
    assert list(empty.iterdir()) == []

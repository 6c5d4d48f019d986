"""What a wheel carries beside the modules: the files that stand beside the package in a checkout."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BESIDE = ("app.py", "pages", "queries", "data", "docs/guide", ".streamlit", "requirements.lock")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "store")  # `data/store` is what somebody works with


class WithWhatStandsBeside(build_py):
    """Copies it into the package, where `taizhang/declared/root.py` finds it."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # a checkout has it already
            return
        here, there = Path(__file__).parent, Path(self.build_lib) / "taizhang" / "beside"
        for name in BESIDE:
            own, copy = here / name, there / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if own.is_dir():
                shutil.copytree(own, copy, ignore=LEFT_OUT, dirs_exist_ok=True)
            else:
                shutil.copy2(own, copy)


setup(cmdclass={"build_py": WithWhatStandsBeside})

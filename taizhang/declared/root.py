"""Where the files beside the program lie: pages, queries, shipped data, the guide.

In a checkout they stand beside the package; a wheel carries them inside it (`setup.py` puts them there).
"""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CARRIED = _PACKAGE / "beside"
IS_INSTALLED = _CARRIED.is_dir()
ROOT = _CARRIED if IS_INSTALLED else _PACKAGE.parent


def data_folder(said: str | Path | None = None) -> Path:
    """The folder of campaigns: the one that was said, here or in the environment; else that of the checkout, or, for an
    installed program, `taizhang` in the home of whoever runs it."""
    usual = Path.home() / "taizhang" if IS_INSTALLED else ROOT / "data" / "store"
    return Path(said or os.environ.get("TAIZHANG_STORE") or usual)

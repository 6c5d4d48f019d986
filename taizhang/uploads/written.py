"""What people write in files, in either language, as `written.toml` lists it; read by whoever reads files."""

from pathlib import Path

import tomli

WRITTEN = tomli.loads(Path(__file__).with_name("written.toml").read_text(encoding="utf-8"))

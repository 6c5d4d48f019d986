"""Makes sure the browser tests have a browser and a Chinese font, and all tests an allocator; run by `make test`.

Playwright's own browser download is not used: an office network has no access to it, and the tests should
see the browser people have. On Debian and Ubuntu, what is missing is installed with apt-get when that
needs no password.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import allocator

HEADLESS = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
USUAL_PLACES = (
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NO_BROWSER = "No Chromium or Chrome was found: install one, or set CHROMIUM to its path, then `make test` again."
NO_FONT = "No Chinese font was found: install one (for example fonts-noto-cjk), then `make test` again."


def installed_browser() -> str | None:
    """The path of a Chromium or Chrome: $CHROMIUM, else the search path, else the usual places."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = (shutil.which(name) for name in NAMES)
    in_places = (shutil.which(Path(place).expanduser()) for place in USUAL_PLACES)
    return next((str(found) for found in (*on_path, *in_places) if found), None)


def quick_browser() -> str | None:
    """Chromium without a window of its own, which draws the same pages in half the time; else any other there is."""
    return shutil.which(HEADLESS) or installed_browser()


def has_chinese_font() -> bool:
    """True when fontconfig knows a Chinese font, or when the system (macOS, Windows) always brings one."""
    if not shutil.which("fc-list"):
        return sys.platform in ("darwin", "win32")
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout.strip())


def apt_get() -> list[str] | None:
    """The apt-get command this user may run without being asked for a password; None where there is none."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "apt-get"]
    return None


def install(packages: list[str]) -> None:
    """Installs Debian packages when it may; whether it worked is for the caller to look."""
    command = apt_get()
    if command is None:
        return
    print(f"Installing {' and '.join(packages)} for the tests …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*command, "update", "-qq"], **quiet)
    subprocess.run([*command, "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)


def missing_packages() -> list[str]:
    browser = [] if installed_browser() else ["chromium", HEADLESS]
    font = [] if has_chinese_font() else ["fonts-noto-cjk", "fontconfig"]
    memory = [] if allocator.installed() or not sys.platform.startswith("linux") else [allocator.PACKAGE]
    return browser + font + memory


def main() -> int:
    packages = missing_packages()
    if packages:
        install(packages)
    if not installed_browser():  # a distribution may have no package of the second name, and then installs neither
        install(["chromium"])
    complaints = [*([] if installed_browser() else [NO_BROWSER]), *([] if has_chinese_font() else [NO_FONT])]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What axe-core, the usual rules of accessibility (WCAG 2 to level AA and good practice), finds on a page as it stands.

`assert found(page) == []` is the whole of it; `found(page, within="dialog.tzs")` looks at one part. What is the
framework's own, and cannot be reached by a style or a script of ours, is listed in `FRAMEWORKS` with its reason.
"""

from functools import cache
from importlib import resources

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# Rule → parts of a page, as selectors, of which axe says it and the product can do nothing.
FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "region": ("#stFloatingOverlayPortal", "[role=listbox]", "[role=tooltip]")  # drawn beside the page
}

_LOOK = """async ([within, tags, others]) => {
  const { violations } = await axe.run(within ? { include: [within] } : document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  });
  return violations.flatMap(({ id, nodes }) => nodes
    .filter(({ target }) => {
      const node = document.querySelector(target.flat().at(-1));
      return !node || !(others[id] || []).some(other => node.closest(other));
    })
    .map(({ target, html, any, all, none }) => `${id}: ${target.flat().join(' ')} · ${html.slice(0, 160)} · `
      + [...any, ...all, ...none].map(check => check.message).join('; ').slice(0, 240)));
}"""


@cache
def _script() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def found(page, within: str = "") -> list[str]:
    """What axe complains of, a line each: rule, where, what stands there, why. [] when there is nothing.

    The script is brought in from outside the page, so that the page's own rules of what it may load stay as they are.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    return page.evaluate(_LOOK, [within, list(TAGS), {rule: list(parts) for rule, parts in FRAMEWORKS.items()}])

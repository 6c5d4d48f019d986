"""Stores with the data the product ships with, for tests of any part."""

from taizhang.store import Store, releases
from taizhang.uploads import shipped


def build_article(store: Store) -> releases.Release:
    """Publish the article's ledgers and the register of towns into `store`; its only release."""
    return shipped.init(store, "article")


def build_demo(store: Store) -> releases.Release:
    """Publish the article and every made-up week into `store`; the last release. Takes seconds."""
    return shipped.init(store, "demo")

"""Choices told apart: a browser sends what is read on a choice, and of two that read alike the first is taken."""

from collections import Counter
from collections.abc import Mapping

from taizhang.declared.wording import Language


def called_apart(labels: Mapping[str, str], t: Language) -> dict[str, str]:
    """Choice → label; of those that are called alike each says its own name too."""
    often = Counter(labels.values())
    return {
        name: t("frame.called_apart", label=label, name=name) if often[label] > 1 else label
        for name, label in labels.items()
    }

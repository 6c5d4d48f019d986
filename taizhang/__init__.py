"""Taizhang 台账: what was done, where the research went, which issues are open, what changed since last time.

A question is a `.sql` file, an answer is its rows together with the release they came from, and an exhibit is
an answer with its words and its shape; the same exhibit is drawn on a page, on a slide and on paper, so they
cannot disagree. Releases are DuckDB files that are never edited. docs/decisions.md says why.
"""

__version__ = "1.0.0"

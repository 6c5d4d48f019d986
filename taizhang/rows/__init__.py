"""Rows as values: ledgers, changes, comparisons, problems. Nothing here knows a release or a file on disk."""

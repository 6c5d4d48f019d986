"""Documents of a meeting: the ledger, the brief, the paper, the snapshot."""

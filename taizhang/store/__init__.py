"""Releases on disk: one file each, one of them live; how they are asked, published, taken back and kept whole."""

"""Shapes and tones, and how they are drawn: as HTML on the screen, as SVG on paper and in the deck."""

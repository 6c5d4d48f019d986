"""Shapes and tones, and how they are drawn: as HTML on a desk's screen, as SVG in the room and on paper."""

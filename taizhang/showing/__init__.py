"""A review meeting: its slides, what was promised, the room, the deck and the papers."""

"""Where a number comes from, and whether it still holds."""

"""Whose data, and which: the affected persons (encrypted), the counts, and what could not be read."""

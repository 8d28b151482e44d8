"""Open set: one control per file."""

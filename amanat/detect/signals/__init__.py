"""Open set: one sign of an attack in a message per file."""

"""Open set: one pattern over many events per file."""

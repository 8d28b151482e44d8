"""Headline figures, each measured beside its peer on the same work in the same run."""

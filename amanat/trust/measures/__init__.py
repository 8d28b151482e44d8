"""Measures of trust: one file each, with its source and its examples."""

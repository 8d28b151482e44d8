"""Leaf tools that know nothing of breaches."""

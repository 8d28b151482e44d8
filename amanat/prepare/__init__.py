"""Prepare: be ready next time: practice companies and drills."""

"""Assess: what must we do, by when, and how bad is it? Facts and exposures to an assessment."""

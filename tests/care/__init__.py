"""Tests of the stage that stands by the person."""

"""Detect: is something happening? Message or log to alert."""

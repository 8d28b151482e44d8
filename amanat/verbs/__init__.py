"""Verbs that join several stages, one file each: `amanat run`, `up`, `verify`, `journal`, `doctor`."""

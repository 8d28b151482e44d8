"""amanat: from stolen files to told, helped and returning customers, for a company that was attacked."""

__version__ = "0.1.0"

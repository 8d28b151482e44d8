"""Scope: whose data, and which? Files and register to exposures and gaps."""

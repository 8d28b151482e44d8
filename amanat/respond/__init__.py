"""Respond: run the incident: facts, roles, tasks, journal."""

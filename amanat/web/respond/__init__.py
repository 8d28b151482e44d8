"""Run the incident: declare it, its members, its facts, its journal."""

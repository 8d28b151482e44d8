"""An open set: one rule of the honesty gate per file; its words are in each language's file under [gate.<rule>]."""

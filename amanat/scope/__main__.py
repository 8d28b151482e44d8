"""Whose data is in the stolen files: scan, match to the register, list what could not be read."""

from amanat.lib.command import Verb
from amanat.scope import audit_commands, files_commands, reach_commands, register_commands, text_commands

VERB = Verb("scope", __doc__ or "")

for each in (files_commands, register_commands, text_commands, reach_commands, audit_commands):
    each.add_to(VERB)

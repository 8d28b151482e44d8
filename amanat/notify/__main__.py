"""Write, check, approve and deliver notices, and prove who was reached."""

from amanat.lib.command import Verb
from amanat.notify import compose_commands, delivery_commands

VERB = Verb("notify", __doc__)

compose_commands.add_to(VERB)
delivery_commands.add_to(VERB)

"""Write, check, approve and deliver notices, fill the forms of authorities, and prove who was reached."""

from amanat.lib.command import Verb
from amanat.notify import compose_commands, delivery_commands, form_commands, original_commands, outlet_commands, statement_commands

VERB = Verb("notify", __doc__)

compose_commands.add_to(VERB)
delivery_commands.add_to(VERB)
form_commands.add_to(VERB)
original_commands.add_to(VERB)
outlet_commands.add_to(VERB)
statement_commands.add_to(VERB)

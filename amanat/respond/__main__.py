"""Run the incident: its facts with their status, the plans for each kind of incident, and what we promised in public."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from amanat.lib.command import Result, Verb, argument
from amanat.lib.table import table
from amanat.respond import promise_commands

VERB = Verb("respond", __doc__)
promise_commands.add_to(VERB)


@VERB.command("facts", argument("story", type=Path, help="a story folder"), json_keys=("facts", "open"))
def facts(given: Namespace) -> Result:
    """Show the fact ledger of an incident: what is known, believed, and still unknown.

    Facts that nobody has entered yet are listed as open questions.
    """
    from amanat.respond import open_incident
    from amanat.terms.fact import fact_types

    incident = open_incident(given.story)
    entered = [asdict(f) for f in incident.facts.values()]
    open_names = [name for name in fact_types() if name not in incident.facts or incident.facts[name].status == "unknown"]

    def shown(value: object) -> str:
        return "" if value is None else f"in {', '.join(value)}" if isinstance(value, dict) else str(value)

    rows = [[f.status, f.name, shown(f.value), f.source] for f in sorted(incident.facts.values(), key=lambda f: f.status)]
    text = table(["status", "fact", "value", "source"], rows) + f"\n\n{len(open_names)} questions are open; `amanat assess facts` explains each."
    return Result(keys={"facts": entered, "open": open_names}, text=text)


@VERB.command("playbooks", json_keys=("playbooks",))
def playbooks(given: Namespace) -> Result:
    """Show every playbook with its steps, phase by phase."""
    from amanat.respond.playbook import playbooks as read

    found = read()
    parts = []
    for playbook in found.values():
        rows = [[s.phase, s.says, s.role, f"{s.within_hours} h" if s.within_hours else ""] for s in playbook.step]
        parts.append(f"{playbook.id}: {playbook.says}\n\n" + table(["phase", "step", "who", "within"], rows))
    return Result(keys={"playbooks": [asdict(p) for p in found.values()]}, text="\n\n".join(parts))


if __name__ == "__main__":
    import sys

    sys.exit(VERB.main(sys.argv[1:]))

"""Commands for what no stolen file shows: `access`, who was within reach, and `outage`, who went without a service."""

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.table import table


class BadMoment(Fixable):
    """A moment that cannot be read."""


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat scope`."""
    verb.command(
        "access",
        argument("folder", type=Path, help="folder with reach.toml (stores, compromised accounts, logs), or tables.csv and accounts.csv"),
        argument("--register", type=Path, required=True, help="the company's list of persons"),
        argument("--out", type=Path, required=True, help="folder for exposures.parquet"),
        json_keys=("persons", "sure", "outsiders", "kinds", "notes"),
    )(access)
    verb.command(
        "outage",
        argument(
            "events",
            type=Path,
            metavar="EVENTS",
            help="orders, log-ins or subscriptions (CSV or Parquet): person_id or email, at, service; "
            "if you like until (subscriptions) and outcome (done or not)",
        ),
        argument("--service", required=True, help="the service that was missing, as the events name it"),
        argument("--from", dest="since", required=True, metavar="MOMENT", help="when it began (ISO 8601 with offset)"),
        argument("--until", metavar="MOMENT", help="when it ended; left out while it lasts"),
        argument("--zone", metavar="ZONE", help="where the clocks stood that wrote times without an offset, such as Europe/Paris"),
        argument(
            "--register", type=Path, help="the company's list of persons; without it everybody hit is an outsider, and no declared need is known"
        ),
        argument("--out", type=Path, required=True, help="folder for outage.parquet and exposures.parquet"),
        json_keys=("persons", "sure", "review", "outsiders", "tries", "depends", "regular", "needs", "weeks", "rare", "notes"),
    )(outage)


def access(given: Namespace) -> Result:
    """Find who was within the intruder's reach, before the stolen files are in hand.

    The folder says which stores of data there were, who could open them, and which accounts were in the intruder's hands; logs of it show what
    was opened. Who was opened is *accessed*, who could have been is *accessible*: both are on the list, with what makes us say so.

    A smallest reach.toml:
      [intruder]
      accounts = ["jane.doe"]
      since = 2026-11-12T22:00:00+01:00
      [[store]]
      name = "guests"
      columns = ["name", "email", "passport_no"]
      persons = "register"

    For example:
      amanat scope access access/ --register register.csv --out case/
    All that reach.toml may say stands in docs/how-to/access.md.
    """
    from amanat.scope import find_exposures
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.scope.key import hash_key

    found = find_exposures([], given.register, access=given.folder, out=given.out, key=hash_key(given.out), now=datetime.now(UTC))
    states = persons_by("state", found.exposures)
    kinds = Counter({kind: counts.total() for kind, counts in persons_by_kind(found.exposures).items()})
    keys = {
        "persons": found.exposures.num_rows,
        "sure": states["sure"],
        "outsiders": states["outsider"],
        "kinds": dict(kinds.most_common()),
        "notes": list(found.notes),
    }
    rows = [[kind, f"{n:,}"] for kind, n in kinds.most_common()]
    return Result(
        keys=keys, text="\n".join([f"{keys['persons']:,} persons were within reach.", *found.notes, "", table(["kind", "persons"], rows, right=[1])])
    )


def outage(given: Namespace) -> Result:
    """Find who was hit when a service was missing, how often, and who depends on it.

    Somebody was hit who tried during the outage, whose subscription was in force, or who was used to come in the same hours of the weeks
    before. Who depends is measured before the outage: regular use, or a need declared in the register.

    For example:
      amanat scope outage orders.csv --service pharmacy --from 2026-11-14T09:00:00+01:00 \\
        --until 2026-11-14T15:30:00+01:00 --register register.csv --out case/
    where orders.csv begins with
      person_id,at,service,outcome
      P-0017,2026-11-14T09:12:00+01:00,pharmacy,failed
    """
    import pyarrow.compute as pc

    from amanat.scope import find_missed
    from amanat.scope.key import hash_key

    missed = find_missed(
        given.events,
        given.register,
        service=given.service,
        since=_moment("--from", given.since),
        until=_moment("--until", given.until) if given.until else None,
        zone=given.zone,
        out=given.out,
        key=hash_key(given.out),
        now=datetime.now(UTC),
    )
    hit = missed.hit
    states = {row["values"]: row["counts"] for row in pc.value_counts(hit["state"]).to_pylist()}
    keys = {
        "persons": hit.num_rows,
        "sure": states.get("sure", 0),
        "review": states.get("review", 0),
        "outsiders": states.get("outsider", 0),
        "tries": pc.sum(hit["n_tries"]).as_py() or 0,
        "depends": pc.sum(hit["depends"]).as_py() or 0,
        "regular": pc.sum(hit["is_regular"]).as_py() or 0,
        "needs": pc.sum(hit["has_need"]).as_py() or 0,
        "weeks": missed.n_weeks,
        "rare": missed.n_rare,
        "notes": list(missed.notes),
    }
    says = {"tried": "tried during the outage", "subscribed": "subscription in force", "habit": "used to come at that time", "need": "declared need"}
    counts = pc.value_counts(pc.binary_join_element_wise(hit["why"], hit["state"], " ")).to_pylist()
    by = {tuple(row["values"].split(" ")): row["counts"] for row in counts}
    rows = [[words, *(f"{by.get((why, state), 0):,}" for state in ("sure", "review", "outsider"))] for why, words in says.items()]
    parts = [
        f"{keys['sure']:,} persons of the register were hit for sure, {keys['review']:,} perhaps; {keys['outsiders']:,} are not in the register.",
        f"{keys['tries']:,} tries failed. {keys['depends']:,} of these persons depend on the service"
        f" ({keys['regular']:,} by regular use, {keys['needs']:,} by a declared need).",
        *missed.notes,
        "",
        table(["because", "sure", "review", "outsiders"], rows, right=[1, 2, 3]),
        "",
        f"Written to {given.out}: outage.parquet, exposures.parquet. Who must be called:"
        f" amanat care dependents {given.out / 'exposures.parquet'} --register REGISTER",
    ]
    return Result(keys=keys, text="\n".join(parts))


def _moment(name: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadMoment(f"{name} {text}: is not a moment with its offset from UTC; write it like 2026-11-14T09:00:00+01:00")
    return at

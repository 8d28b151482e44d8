"""Why we tell whom, for ten million persons: assessed and joined to each person, beside a plain loop that judges one person after the other.

The loop runs in the same minute on a part of the same persons; its time is per person, so the ratio is that of the whole.
"""

import resource
import time
from datetime import datetime, timezone

import numpy as np
import pyarrow as pa

from amanat.terms.exposure import EXPOSURES
from amanat.terms.places import SUBDIVISIONS

N_PERSONS, N_IN_LOOP = 10_000_000, 20_000
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)

# Sixty countries of customers, every state and territory of the US, every province of Canada, and persons of whom nobody knows it.
COUNTRIES = (
    "FR DE ES IT NL BE PT PL SE DK FI AT IE GR CZ RO HU BG HR SK SI LT LV EE LU MT CY NO IS LI GB CH US CA MX BR AR CL CO PE "
    "JP KR CN IN ID MY SG TH PH VN AU NZ ZA NG KE GH EG MA AE SA QA IL TR IR RU"
).split()
LANGUAGES = ("en", "fr", "fa", "de", "es", "pt", "ja", "ar", None)
# What tables of a hotel, a bank, a hospital or a shop hold together; each person has one of these, and perhaps lost a column of it.
TABLES = tuple(
    tuple(kinds.split())
    for kinds in (
        "name email phone address",
        "name email password",
        "email password_hash",
        "name dob address national_id",
        "name passport dob",
        "name card_number_alone email",
        "name card_with_code",
        "name iban address",
        "name medical dob health_insurance",
        "name medical special_category",
        "name ssn dob",
        "name ssn tin tax_info pay",
        "name dl_state_id",
        "name employment pay family",
        "communications email",
        "loyalty_id email",
        "geolocation device",
        "biometric name",
        "genetic name medical",
        "name fin_acct_with_code",
        "online_credentials security_tokens",
        "name vehicle phone",
        "service",
        "name student_id",
    )
)


def exposures(n: int, seed: int = 1) -> pa.Table:
    """Invented persons: where they live, what of theirs was taken, what they speak."""
    rng = np.random.default_rng(seed)
    places = pa.array([*COUNTRIES, *sorted(SUBDIVISIONS), None])
    sets = sorted({tuple(k for k in table if k != left_out) for table in TABLES for left_out in (None, *table)})
    of_set = pa.array([list(kinds) for kinds in sets], pa.list_(pa.string()))
    # Few places and tables hold most persons, as it is with real customers.
    where = np.minimum(rng.exponential(len(places) / 6, n).astype(np.int64), len(places) - 1)
    which = np.minimum(rng.exponential(len(sets) / 5, n).astype(np.int64), len(sets) - 1)
    shuffled_places, shuffled_sets = rng.permutation(len(places)), rng.permutation(len(sets))
    columns = {
        "person_id": pa.array(np.char.add("p", np.arange(n).astype("U8"))),
        "kinds": of_set.take(pa.array(shuffled_sets[which])),
        "n_findings": pa.array(np.ones(n, dtype=np.int64)),
        "n_records": pa.array(np.ones(n, dtype=np.int64)),
        "belief": pa.array(np.full(n, 0.9, dtype=np.float32)),
        "state": pa.array(["sure", "outsider", "review"]).take(pa.array(rng.choice(3, n, p=[0.9, 0.06, 0.04]))),
        "basis": pa.array(["content"]).take(pa.array(np.zeros(n, dtype=np.int64))),
        "residence": places.take(pa.array(shuffled_places[where])),
        "language": pa.array(LANGUAGES).take(pa.array(rng.integers(0, len(LANGUAGES), n))),
        "minor": pa.array([False, True, None]).take(pa.array(rng.choice(3, n, p=[0.8, 0.05, 0.15]))),
    }
    return pa.table(columns, schema=EXPOSURES)


def measure(n: int = N_PERSONS) -> list[dict[str, str]]:
    from amanat import assess
    from amanat.terms.fact import Fact

    people = exposures(n)
    said = {"role": "controller", "awareness": NOW, "discovery": NOW, "acquired": True, "encrypted": "no", "risk": "high", "establishments": ["FR"]}
    facts = {name: Fact(name=name, value=value, status="known") for name, value in said.items()}
    assess.laws()  # read before the clock starts, as in a program that has begun
    marks = [_now()]
    assessment = assess.assess(facts, exposures=people, now=NOW)
    marks.append(_now())
    joined = assess.persons_duties(assessment, people)
    marks.append(_now())
    basis = assess.legal_basis(assessment, people)
    marks.append(_now())
    some = people.slice(0, N_IN_LOOP)
    began = _now()
    plainly = one_by_one(assessment, some)
    loop = _now() - began
    same = joined.slice(0, len(plainly)).select(["person_id", "duty_ids", "letter_group", "due_at"]).to_pylist()
    assert same == plainly, "the loop and the columns disagree"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    ours, whole = marks[3] - marks[1], loop * (len(people) / len(some))
    return [
        {
            "what": f"legal basis of {len(people):,} persons ({len(basis):,} groups of place, kinds, minority, language)",
            "ours": _shown(ours),
            "peer": f"a plain loop over {len(some):,} of them, same answers",
            "theirs": _shown(whole),
            "ratio": f"{whole[1] / ours[1]:.0f}×",
        },
        *(
            {"what": what, "ours": _shown(spent), "peer": "", "theirs": "", "ratio": ""}
            for what, spent in (
                ("  of that: joined to each person", marks[2] - marks[1]),
                ("  of that: listed by group", marks[3] - marks[2]),
                (f"  before it: counted and assessed, {len(assessment.duties)} duties", marks[1] - marks[0]),
                (f"  all together; peak memory {peak:.1f} GB", marks[3] - marks[0]),
            )
        ),
    ]


def _now() -> np.ndarray:
    return np.array([time.perf_counter(), time.process_time()])


def _shown(spent: np.ndarray) -> str:
    return f"{spent[0]:,.1f} s ({spent[1]:,.1f} s of processor)"


def one_by_one(assessment, people):  # type: ignore[no-untyped-def]
    """The same, written as one would say it: for each person, each duty to persons, whether it is owed to them."""
    from amanat.assess.groups import together
    from amanat.terms.places import country_of, lies_in

    rows = []
    for person in people.to_pylist():
        if person["state"] == "review":
            continue
        place, kinds, mine = person["residence"], together(person["kinds"]), []
        for duty in assessment.duties:
            if duty.to != "individuals" or duty.status in ("proposed", "voluntary"):
                continue
            lives = duty.is_beyond_places or lies_in(place, duty.places)
            may = place is not None and "-" not in place and any("-" in p and country_of(p) == place for p in duty.places)
            if (lives or may) and (not duty.kinds or kinds & set(duty.kinds)):
                mine.append(duty)
        due = [duty for duty in mine if duty.state == "due"]
        letters = [d for d in mine if d.letter_group and (d.state == "due" or (d.state == "undetermined" and d.reach is True))]
        letters.sort(key=lambda d: (d.state != "due", 0 if place in d.places else 1 if lies_in(place, d.places) else 2, d.id))
        dates = [d.due_at for d in due if d.due_at is not None]
        rows.append(
            {
                "person_id": person["person_id"],
                "duty_ids": [duty.id for duty in due],
                "letter_group": letters[0].letter_group if letters else "general",
                "due_at": min(dates).astimezone(timezone.utc) if dates else None,
            }
        )
    return rows


if __name__ == "__main__":
    import sys

    for row in measure(*map(int, sys.argv[1:])):
        print(row)

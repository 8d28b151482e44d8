"""Persons and their duties: which duties make us tell each person, and which letter they get. Columns in, columns out."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.assess.groups import masks_of, together
from amanat.terms.assessment import PERSONS_DUTIES, Assessment, Duty
from amanat.terms.kinds import kinds_of
from amanat.terms.places import SUBDIVISIONS, country_of, lies_in

GENERAL = "general"


def persons_duties(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """PERSONS_DUTIES: one row for each person who is sure, or an outsider. Those in review wait for a reviewer.

    Persons with the same residence and kinds are judged once; ten million persons are a few thousand judgements.
    """
    told = exposures.filter(pc.not_equal(exposures.column("state"), "review"))
    masks = masks_of(told)
    residence = told.column("residence").combine_chunks()
    if isinstance(residence, pa.ChunkedArray):
        residence = residence.chunk(0) if residence.num_chunks else pa.array([], pa.string())
    encoded = residence.dictionary_encode()
    codes = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
    places = [*encoded.dictionary.to_pylist(), None]
    unique_masks, mask_codes = np.unique(masks, return_inverse=True)
    pairs, group_of = np.unique(codes * max(len(unique_masks), 1) + mask_codes, return_inverse=True)
    # What nobody has to do makes us tell nobody, and chooses no letter.
    owed = [d for d in assessment.duties if d.to == "individuals" and d.status not in ("proposed", "voluntary")]
    judged = [_judge(owed, places[pair // len(unique_masks)], int(unique_masks[pair % len(unique_masks)])) for pair in pairs.tolist()]
    rows = pa.array(group_of.reshape(-1))
    duty_ids = pa.array([ids for ids, _ in judged], pa.list_(pa.string()))
    letters = pa.array([letter for _, letter in judged], pa.string())
    channels = pa.array([list(assessment.channel_order)], pa.list_(pa.string()))
    return pa.table(
        [told.column("person_id"), duty_ids.take(rows), letters.take(rows), channels.take(pa.array(np.zeros(len(rows), dtype=np.int64)))],
        schema=PERSONS_DUTIES,
    )


def _judge(owed: list[Duty], place: str | None, mask: int) -> tuple[list[str], str]:
    kinds = together(kinds_of(mask))
    mine = [d for d in owed if _is_owed(d, place, kinds)]
    due = [d.id for d in mine if d.state == "due"]
    # A duty that may yet become due shapes the letter as well: a letter that holds more than it must does no harm.
    # One of which nobody knows yet whether it reaches us at all, such as a telecom law, does not.
    letters = [d for d in mine if d.letter_group and (d.state == "due" or (d.state == "undetermined" and d.reach is True))]
    letters.sort(key=lambda d: (d.state != "due", _width(d, place), d.id))
    return due, letters[0].letter_group if letters else GENERAL


def _is_owed(duty: Duty, place: str | None, kinds: frozenset[str]) -> bool:
    may_live_there = duty.is_beyond_places or lies_in(place, duty.places)
    if not may_live_there and place and place not in SUBDIVISIONS:
        # Only the country is known: the person may live in the state.
        may_live_there = any(p in SUBDIVISIONS and country_of(p) == place for p in duty.places)
    return may_live_there and (not duty.kinds or bool(kinds & set(duty.kinds)))


def _width(duty: Duty, place: str | None) -> int:
    """How narrowly the duty looks at the person's place: the state's own letter comes before a wider one."""
    return 0 if place in duty.places else 1 if lies_in(place, duty.places) else 2

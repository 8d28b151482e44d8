"""What reviewers decided about persons who were not sure, applied to exposures that a later run finds."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable

COLUMNS = ("person_id", "decision", "n_records")
DECISIONS = ("confirmed", "refused")


class BadReviews(Fixable):
    """The file of reviews cannot be used."""


def read_reviews(path: Path) -> dict[str, tuple[str, int]]:
    """Decision and number of records at that time, by person, from a CSV file with person_id, decision (confirmed, refused) and n_records."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise BadReviews(f"{path}: has no column {' and no column '.join(missing)}; its first line must be {','.join(COLUMNS)}")
            found = {}
            for number, row in enumerate(reader, start=2):
                if row["decision"] not in DECISIONS or not str(row["n_records"]).isdecimal():
                    raise BadReviews(f"{path}, row {number}: decision must be confirmed or refused, and n_records a whole number")
                found[row["person_id"]] = (row["decision"], int(row["n_records"]))
            return found
    except (OSError, UnicodeDecodeError) as error:
        raise BadReviews(f"{path}: cannot be read; give a CSV file in UTF-8 with the columns {', '.join(COLUMNS)}") from error


def with_reviews(exposures: pa.Table, reviews: dict[str, tuple[str, int]]) -> pa.Table:
    """EXPOSURES after the reviewers' word: confirmed persons are sure, refused ones are gone.

    Only persons whom scope itself leaves open are touched: who is sure now is sure whatever was said earlier. A refusal
    holds for the records that the reviewer saw; when more have been found since, the person waits for a reviewer again.
    """
    is_open = pc.equal(exposures.column("state"), "review").to_numpy()
    decision, seen = np.full(exposures.num_rows, "", object), np.zeros(exposures.num_rows, np.int64)
    ids = exposures.column("person_id")
    for row in np.flatnonzero(is_open).tolist():
        decision[row], seen[row] = reviews.get(ids[row].as_py(), ("", 0))
    confirmed = decision == "confirmed"
    refused = (decision == "refused") & (exposures.column("n_records").to_numpy() <= seen)
    state = pc.if_else(pa.array(confirmed), pa.scalar("sure"), exposures.column("state"))
    belief = pc.if_else(pa.array(confirmed), pa.scalar(1.0, pa.float32()), exposures.column("belief"))
    for name, column in (("state", state), ("belief", belief)):
        exposures = exposures.set_column(exposures.schema.get_field_index(name), exposures.schema.field(name), column)
    return exposures.filter(pa.array(~refused))

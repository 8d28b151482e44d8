"""The register's rows of a block, as the company keeps them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.prepare.block import Block
from amanat.prepare.column import Text, iso, join, numbers, pick
from amanat.prepare.places import CODES


def register_table(block: Block) -> pa.Table:
    """The register's rows of a block, with the columns of `terms/register.py`."""
    rows = block.take(~block.is_outsider)

    def several(first: Text, second: Text) -> Text:
        return pc.if_else(pc.and_(pc.is_valid(first), pc.is_valid(second)), join(first, ";", second), first)

    return pa.table(
        {
            "person_id": rows.person_id,
            "name": rows.name,
            "given_name": rows.given,
            "family_name": rows.family,
            "email": several(rows.email, rows.email2),
            "phone": several(rows.phone, rows.phone2),
            "address": rows.address,
            "residence": pick(CODES, rows.place),
            "language": rows.language,
            "birth_date": iso(rows.birth_date),
            "minor": pick(["false", "true"], rows.minor.astype(np.int64)),
            "deceased": pick(["false", "true"], rows.deceased.astype(np.int64)),
            "needs": rows.needs,
            "national_id": rows.national_id,
            "iban": rows.iban,
            "card": rows.card,
            "loyalty_id": rows.loyalty_id,
            "since": iso(rows.since),
            "yearly_value_eur": numbers(rows.yearly_value_eur),
        }
    )

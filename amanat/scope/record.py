"""Record: one row, object, message or page of a stolen file, as readers hand it to the scan.

A record ties its findings together: a birth date or a password in it belongs to the person of the same record.
"""

import pyarrow as pa

# Between the fields of a record. Readers replace it inside values, so that it cannot be forged.
FIELD = "\x1f"

RECORDS = pa.schema(
    [
        ("place", pa.dictionary(pa.int32(), pa.string())),  # "table guests", "sheet Guests", "page 3", "message 14"
        ("record", pa.int64()),  # number of the record within the unit's path, from 0
        # Names of the fields, joined by FIELD, for rows and objects ("email\x1fborn_on"); "" for free text.
        ("labels", pa.dictionary(pa.int32(), pa.string())),
        ("text", pa.large_string()),  # the fields, joined by FIELD; free text is one field
    ]
)

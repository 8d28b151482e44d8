"""Answer: what a person said in the survey after help. Everything may be left out, and null is not zero."""

import pyarrow as pa

ANSWERS = pa.schema(
    [
        ("person_id", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("language", pa.string()),  # in which it was asked
        ("notice_id", pa.string()),  # the notice the person had got; null when unknown
        ("nps", pa.int8()),  # 0..10, would recommend
        ("csat", pa.int8()),  # 1..5, satisfied with the help
        ("benevolence", pa.int8()),  # 1..5, the company cares about me
        ("integrity", pa.int8()),  # 1..5, the company tells the truth and keeps its word
        ("competence", pa.int8()),  # 1..5, the company is able to protect my data
    ]
)

# Name of each question and the ends of its scale.
SCALES = {"nps": (0, 10), "csat": (1, 5), "benevolence": (1, 5), "integrity": (1, 5), "competence": (1, 5)}
TRUST = ("benevolence", "integrity", "competence")

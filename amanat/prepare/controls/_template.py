"""What must be there, in one line."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, nist

CONTROL = Control(
    hurts=3,  # 1 to 5: how much worse a breach gets without it
    is_must=False,
    words={
        "en": Words(
            "Its name",
            "What happens in a breach without it.",
            "What to do when it is not in place.",
        ),
        # fr and fa as well
    },
    sources=(cis("0.0"), nist("XX.XX-00")),  # who asks for it
    # look=…, says={…}, examples=(…) where we can look ourselves; dmarc.py shows how.
)

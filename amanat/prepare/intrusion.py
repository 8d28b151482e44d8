"""The intrusion that the traces of a practice story tell: who did what from where, and when, counted back from awareness.

Addresses are those that RFC 5737 keeps for documentation; the names end in `.example` (RFC 2606). 192.0.2.0/24 is our own network, 198.51.100.0/24
are honest strangers, 203.0.113.0/24 are the attackers.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from amanat.prepare.dossier import WITHIN_REACH

DOMAIN, LOOKALIKE = "karvan-hotels.example", "karvan-hote1s.example"  # a one instead of an l
MAIL_SERVER = f"mx.{DOMAIN}"  # the name under which our server signs Authentication-Results (RFC 8601)
SECURITY = f"security@{DOMAIN}"
INTRUDER, STAGER, BOTS = "203.0.113.77", "203.0.113.24", tuple(f"203.0.113.{n}" for n in range(100, 140))
STUFFERS, SCANNERS = tuple(f"203.0.113.{n}" for n in (31, 32, 33, 34, 35)), ("203.0.113.201", "203.0.113.214", "198.51.100.240")
DESK_HOST, GUEST_HOST = "ws-reception-02", "srv-pms-01"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the invented company's staff."""

    name: str
    account: str
    office: str

    @property
    def address(self) -> str:
        return f"{self.account}@{DOMAIN}"


VICTIM = Colleague("Camille Moreau", "c.moreau", "Réservations")
COLLEAGUES = (
    VICTIM,
    Colleague("Nasrin Delorme", "n.delorme", "Direction générale"),
    Colleague("Marc Besnard", "m.besnard", "Informatique"),
    Colleague("Julien Carré", "j.carre", "Comptabilité"),
    Colleague("Emily Clarke", "e.clarke", "Groups"),
    Colleague("رضا کریمی", "r.karimi", "پذیرش شب"),
    Colleague("مینا رحیمی", "m.rahimi", "بازاریابی"),
    Colleague("Lukas Brandt", "l.brandt", "Technical services"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrusion:
    """The moments of the attack, in the order in which they happened."""

    awareness: datetime

    @property
    def mailed_at(self) -> datetime:
        return self.awareness - timedelta(days=7, hours=2, minutes=48)

    @property
    def opened_at(self) -> datetime:
        """The document behind the mail is opened, and PowerShell runs."""
        return self.mailed_at + timedelta(minutes=16)

    @property
    def looked_around_at(self) -> datetime:
        return self.awareness - timedelta(days=5, hours=21, minutes=30)

    @property
    def stuffed_at(self) -> datetime:
        return self.entered_at - timedelta(minutes=38)

    @property
    def entered_at(self) -> datetime:
        """Log-in with the stolen password: the beginning of what `facts.toml` calls the occurrence."""
        return self.awareness - WITHIN_REACH[0]

    @property
    def dumped_at(self) -> datetime:
        """Credentials are read from memory."""
        return self.entered_at + timedelta(minutes=12)

    @property
    def packed_at(self) -> datetime:
        return self.entered_at + timedelta(minutes=41)

    @property
    def left_at(self) -> datetime:
        """The first packed file leaves."""
        return self.entered_at + timedelta(hours=1, minutes=30)

    @property
    def gone_at(self) -> datetime:
        """The last file has left: `facts.toml` calls it the end of the occurrence."""
        return self.awareness - WITHIN_REACH[1]

    @property
    def flooded_at(self) -> datetime:
        """A flood of requests, to hide the demand for money that comes with it; it ends a little after detection."""
        return self.awareness - timedelta(hours=3, minutes=50)

    @property
    def flood_ended_at(self) -> datetime:
        return self.awareness - timedelta(hours=3, minutes=2)

    @property
    def reported_at(self) -> datetime:
        """The receptionist remembers the mail and forwards it."""
        return self.awareness - timedelta(hours=2, minutes=55)


class Chance:
    """Draws for one trace: they depend on the seed and the trace's name alone, so one trace may grow without changing another."""

    def __init__(self, seed: int, trace: str) -> None:
        self._random = random.Random(f"{seed}:{trace}")  # noqa: S311 - practice data, not secrets

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def one_of(self, things: tuple[str, ...]) -> str:
        return things[self.below(len(things))]

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def moment(self, since: datetime, until: datetime) -> datetime:
        """A moment between the two, in milliseconds."""
        return since + timedelta(milliseconds=self.below(int((until - since).total_seconds() * 1000)))

    def at_work(self, since: datetime, until: datetime) -> datetime:
        """A moment between the two, between 7 and 20 o'clock as the clocks of `since` go."""
        while True:
            moment = self.moment(since, until)
            if 7 <= moment.hour < 20:
                return moment

    def hex(self, n_digits: int) -> str:
        return f"{self._random.getrandbits(4 * n_digits):0{n_digits}x}"

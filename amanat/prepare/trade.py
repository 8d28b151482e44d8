"""Trade: what makes one kind of practice company differ from another: its name, its heap, and the words of its worst day."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amanat.prepare.folder import Folder, Sink
from amanat.prepare.statements import OF_TRADES, STATEMENTS
from amanat.prepare.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One kind of company. `sinks` writes its heap; `unreadable` names what nobody can open in it."""

    name: str
    legal_name: str
    domains: tuple[str, ...]  # of its own, the main one first
    sector: str  # a choice of the fact `sectors`
    id_prefix: str  # of the numbers in its register
    sinks: Callable[[Folder, Truth, int], list[Sink]]
    unreadable: Callable[[Path], list[str]]
    empty: tuple[str, ...] = ()  # files of the heap that hold nothing
    has_loyalty: bool = True
    optin_table: str = "crm.marketing_optin"
    ledger_table: str = "crm.loyalty_ledger"
    ledger_kinds: tuple[str, ...] = ("name", "loyalty_id")
    mailbox: str = "reservations"

    @property
    def statements(self) -> dict[str, dict[str, str]]:
        return STATEMENTS | OF_TRADES.get(self.sector, {})


def trades() -> dict[str, Trade]:
    """Every kind of company, by the word for `--kind`."""
    from amanat.prepare import hospital, hotel, shop

    return {
        "hotel": Trade(
            name="Karvan Hotels",
            legal_name="Karvan Hotels SAS",
            domains=("karvan-hotels.example", "karvan.example", "karvanclub.example"),
            sector="hotel",
            id_prefix="KH",
            sinks=hotel.sinks,
            unreadable=hotel.unreadable,
            empty=("db/karvan_pms.payments.sql",),
        ),
        "hospital": Trade(
            name="Hôpital du Quai",
            legal_name="Hôpital du Quai, association",
            domains=("hopital-du-quai.example",),
            sector="hospital",
            id_prefix="HQ",
            sinks=hospital.sinks,
            unreadable=hospital.unreadable,
            has_loyalty=False,
            optin_table="portal.reminders",
            ledger_table="radiology.orders",
            ledger_kinds=("name", "medical"),
            mailbox="appointments",
        ),
        "shop": Trade(
            name="Karvan Shop",
            legal_name="Karvan Shop SAS",
            domains=("karvan-shop.example",),
            sector="shop",
            id_prefix="KS",
            sinks=shop.sinks,
            unreadable=shop.unreadable,
            mailbox="help",
        ),
    }

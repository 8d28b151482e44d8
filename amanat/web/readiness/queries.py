"""Reads the controls, with what was looked at, and the drills."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from amanat import prepare
from amanat.lib import settings as outside
from amanat.lib.errors import Fixable
from amanat.lib.shape import build
from amanat.terms.company import Company, read_company
from amanat.web.readiness.forms import TOO_DEEP
from amanat.web.readiness.models import DrillRow, LookRow, SheetRow

WHERE = Path("controls.toml")
DRILLS_SHOWN = 5


class TooDeep(Fixable):
    """A file whose brackets stand within each other without end."""


def newest_sheet() -> SheetRow | None:
    """What staff said last."""
    return SheetRow.objects.select_related("by").order_by("-at").first()


def newest_look() -> LookRow | None:
    """What was seen last."""
    return LookRow.objects.order_by("-at").first()


def company_of(sheet: SheetRow | None) -> Company | None:
    """The company that the controls are about."""
    return build(Company, sheet.company, where=Path("company.toml")) if sheet and sheet.company else None


def company_in(text: str) -> dict[str, Any]:
    """What a `company.toml` holds, once it has been read without complaint; raises Fixable."""
    import tomllib

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company.toml"
        path.write_text(text, encoding="utf-8")
        try:
            read_company(path)
        except RecursionError:
            raise TooDeep(TOO_DEEP) from None
    return tomllib.loads(text)


def with_days(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a sheet with its days as days again."""

    def mended(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: mended(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [mended(one, key) for one in value]
        return date.fromisoformat(value) if (key == "on" or key.endswith("_on")) and isinstance(value, str) else value

    found: dict[str, Any] = mended(content)
    return found


def standings(sheet: SheetRow | None, look: LookRow | None, *, staff: tuple[int, int], now: datetime) -> Any:
    """Every control, what hurts most first."""
    content = prepare.sheet_of(with_days(sheet.content), where=WHERE, today=date.max) if sheet else None
    key_file = Path(outside.get("AMANAT_MASTER_KEY_FILE") or outside.data_folder() / "master.key").expanduser()
    return prepare.readiness(
        company_of(sheet), content, now=now, key_file=key_file, is_online=False, staff=staff, answers=look.answers if look else None
    )


def count_staff() -> tuple[int, int]:
    """How many accounts can log in, and how many of them have no second factor."""
    from amanat.web.accounts.models import Staff
    from amanat.web.accounts.permissions import has_second_factor

    active = list(Staff.objects.filter(is_active=True))
    return len(active), sum(not has_second_factor(one) for one in active)


def drills() -> list[DrillRow]:
    """The last drills, newest first."""
    return list(DrillRow.objects.select_related("by").order_by("-asked_at")[:DRILLS_SHOWN])

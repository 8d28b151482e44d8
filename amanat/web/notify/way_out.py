"""The way out of the house: which relay or gateways carry a message, and that a drill or demonstration reaches only this machine."""

from pathlib import Path
from typing import TypedDict

from django.conf import settings

from amanat import notify
from amanat.lib import settings as outside
from amanat.lib.errors import Fixable


class NoRelay(Fixable):
    """There is nowhere to send mails to, or somewhere that a drill must not reach."""


class WayOut(TypedDict):
    """The part of `notify.Opening` that says where messages go."""

    address: str
    gateways: Path | None


def way_out() -> WayOut:
    """The relay, and the folder of gateways; a demonstration knows its own inbox alone. Raises NoRelay."""
    folder = "" if settings.IS_DEMO else outside.get("AMANAT_GATEWAYS")
    gateways = Path(folder).expanduser() if folder else None
    return {"address": "" if gateways and not outside.get("AMANAT_SMTP") else _relay(is_demo=settings.IS_DEMO), "gateways": gateways}


def _relay(*, is_demo: bool) -> str:
    """Where mails go: the demonstration's own inbox whatever else is set, otherwise AMANAT_SMTP."""
    if is_demo:
        return f"smtp://{outside.get('AMANAT_INBOX_SMTP_HOST')}"
    address = outside.get("AMANAT_SMTP")
    if not address:
        raise NoRelay("there is no mail relay: set AMANAT_SMTP to smtp://HOST:PORT or smtps://HOST:PORT and press “Go on”")
    return address


def refuse_to_leave(channel: notify.Channel, *, is_drill: bool) -> None:
    """Raises NoRelay for a channel that leaves this machine, in a drill or a demonstration."""
    if (is_drill or settings.IS_DEMO) and not channel.is_local:
        raise NoRelay("a drill or demonstration reaches only this machine; set AMANAT_SMTP to smtp://127.0.0.1:PORT")

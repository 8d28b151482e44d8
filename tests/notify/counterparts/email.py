"""An SMTP server of aiosmtpd."""

import contextlib

from aiosmtpd.smtp import SMTP

from amanat.notify.channel import Opening, open_channel
from tests.notify.counterparts import Pair, Script, a_free_port
from tests.notify.delivery_world import TEXTS, Sink, a_company, a_server

CANNOT: dict[str, str] = {}


@contextlib.contextmanager
def opened(*behaviour):
    script = Script(behaviour)

    class Scripted(SMTP):
        """Hangs up instead of answering when the script says so."""

        breaks = False

        async def smtp_RCPT(self, arg):
            now = script.next()
            self.breaks = now == "breaks"
            if now in ("busy", "refuses"):
                await self.push("450 4.2.1 try again later" if now == "busy" else f"550 5.1.1 {arg}: no such user")
                return
            await super().smtp_RCPT(arg)

        async def push(self, status):
            if self.breaks and str(status).startswith("250 2.0.0"):
                self.transport.close()
                return
            await super().push(status)

    sink = Sink()
    with contextlib.ExitStack() as stack:
        address = f"smtp://127.0.0.1:{a_free_port()}" if behaviour == ("absent",) else stack.enter_context(a_server(sink, protocol=Scripted))
        channel = open_channel("email", Opening(company=a_company(), address=address, texts=TEXTS, n_parallel=1))
        stack.enter_context(contextlib.closing(channel))
        yield Pair(channel, lambda: [m.get_body(("plain",)).get_content() for m in sink.messages])

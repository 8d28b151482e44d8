"""What servers write by themselves: the application's log, the web server's log, and the mails that confirm a booking."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.prepare import column, numbers, spellings
from amanat.prepare.block import Block
from amanat.prepare.column import digits, filled, iso, join, or_null, pick
from amanat.prepare.database import HOTELS
from amanat.prepare.draw import Draw, Flags, Ints
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

_EVENTS = ("login", "search", "basket.changed", "checkin.online", "profile.updated", "invoice.viewed")
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
)
_MONTHS = ("Jul", "Aug", "Sep", "Oct")
_WEEKDAYS = ("Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue")  # of the days 0 to 6 of October 2026
_GREETINGS = {
    "fr": ("Bonjour", "Votre séjour est confirmé.", "La réception"),
    "de": ("Guten Tag", "Ihr Aufenthalt ist bestätigt.", "Ihr Empfang"),
    "fa": ("سلام", "اقامت شما تأیید شد.", "پذیرش هتل"),
    "pt": ("Olá", "Sua hospedagem está confirmada.", "A recepção"),
    "en": ("Dear", "Your stay is confirmed.", "Reception"),
}


_LANGUAGES = pa.array(list(_GREETINGS), pa.string())


class Traffic(Sink):
    """Writes app.jsonl, access.log and the mbox of confirmations."""

    def __init__(self, folder: Folder, truth: Truth) -> None:
        self._folder, self._truth = folder, truth
        self._app = folder.begin("logs/app.jsonl")
        self._access = folder.begin("logs/access.log")
        self._mail = folder.begin("mail/confirmations.mbox")

    def write(self, block: Block, members: Members) -> None:
        self._write_app(block, members.app)
        self._write_access(block, members.access_log)
        self._write_mail(block, members.mail)

    def _write_app(self, block: Block, member: Flags) -> None:
        part, draw, which = _repeat(block, member, "app", 2, 9)
        tells_phone, tells_account = block.draw.chance("app.phone", 0.4)[which], block.draw.chance("app.iban", 0.3)[which]
        quote = spellings.in_json
        rows = join(
            '{"ts":"2026-', digits(7 + draw.below("month", 4), 2), "-", digits(1 + draw.below("day", 28), 2), "T", digits(draw.below("h",
            24), 2), ":",
            digits(draw.below("m", 60), 2), ":", digits(draw.below("s", 60), 2), 'Z","level":"info","service":"guest-portal","event":"',
            pick(_EVENTS, draw.below("event", len(_EVENTS))), '","trace":{"order":', digits(10**11 + draw.below("trace", 10**11), 12), ',"took_ms":',
            column.numbers(draw.below("took", 900)), '},"guest":{"name":{"first":', quote(part.given), ',"last":', quote(part.family),
            '},"contact":{"email":', quote(part.email), ',"phone":', quote(or_null(tells_phone, spellings.phone(part, "app.phone"))),
            '},"born":"', iso(part.birth_date), '","loyalty":', quote(part.loyalty_id), '},"payment":{"method":"sepa","account":',
            quote(or_null(tells_account, part.iban)),
            '},"client":{"ip":"', numbers.ip(draw, "app.ip"), '","agent":"', pick(_AGENTS, draw.below("agent", 3)), '","locale":"',
            part.language, '"}}\n',
        )  # fmt: skip
        self._folder.add(self._app, rows)
        self._truth.note(
            self._app,
            block,
            member,
            {
                "name": True,
                "email": True,
                "phone": filled(block.phone) & block.draw.chance("app.phone", 0.4),
                "dob": True,
                "loyalty_id": filled(block.loyalty_id),
                "iban": filled(block.iban) & block.draw.chance("app.iban", 0.3),
                "ip": True,
            },
        )

    def _write_access(self, block: Block, member: Flags) -> None:
        part, draw, _ = _repeat(block, member, "access", 3, 8)
        address = pc.replace_substring(part.email, "@", "%40")
        rows = join(
            numbers.ip(draw, "access.ip"), " - ", part.email, " [", digits(1 + draw.below("day", 28), 2), "/", pick(_MONTHS,
            draw.below("month", 4)), "/2026:",
            digits(draw.below("h", 24), 2), ":", digits(draw.below("m", 60), 2), ":", digits(draw.below("s", 60), 2),
            ' +0200] "GET /account/bookings?email=', address,
            "&page=", column.numbers(1 + draw.below("page", 9)), ' HTTP/1.1" 200 ', column.numbers(400 + draw.below("size", 90000)),
            ' "https://www.karvan-hotels.example/account" "', pick(_AGENTS, draw.below("agent", 3)), '"\n',
        )  # fmt: skip
        self._folder.add(self._access, rows)
        self._truth.note(self._access, block, member, {"email": True, "ip": True})

    def _write_mail(self, block: Block, member: Flags) -> None:
        part = block.take(member)
        draw = part.draw
        known = np.asarray(pc.fill_null(pc.index_in(part.language, value_set=_LANGUAGES), len(_GREETINGS) - 1))
        greeting, sentence, closing = (pick([words[i] for words in _GREETINGS.values()], known.astype(np.int64)) for i in range(3))
        number = digits(draw.below("mail.id", 10**12), 12)
        date = 1 + draw.below("mail.day", 28)
        day, weekday = digits(date, 2), pick(_WEEKDAYS, date % 7)
        tells_phone, tells_home = block.draw.chance("mail.phone", 0.6), block.draw.chance("mail.address", 0.5)
        hotel = pick(HOTELS, draw.below("mail.hotel", len(HOTELS)))
        phone = pc.fill_null(join("Tel. ", or_null(tells_phone[member], spellings.phone(part, "mail.phone")), "\n"), "")
        home = pc.fill_null(join(or_null(tells_home[member], part.address), "\n"), "")
        member_no = pc.fill_null(join("Karvan Club: ", part.loyalty_id, "\n"), "")
        boundary = join("=_karvan_", number)
        text = join(
            greeting,
            " ",
            part.given,
            " ",
            part.family,
            ",\n\n",
            sentence,
            "\n",
            hotel,
            "\n\n",
            home,
            phone,
            member_no,
            "\n",
            closing,
            " (reception@karvan-hotels.example)\n",
        )
        rows = join(
            "From reservations@karvan-hotels.example ", weekday, " Oct ", day,
            " 09:14:02 2026\nReturn-Path: <reservations@karvan-hotels.example>\nMessage-ID: <", number,
            "@mx.karvan-hotels.example>\nDate: ", weekday, ", ", day,
            " Oct 2026 09:14:02 +0200\nFrom: Karvan Reservations <reservations@karvan-hotels.example>\nTo: ", part.email,
            "\nSubject: Your booking ", number, '\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="', boundary, '"\n\n--', boundary,
            "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n", text, "\n--", boundary,
            "\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            "<html><body><table style=\"font-family:sans-serif\"><tr><td><h1>Karvan</h1><p>",
            greeting, " ", part.given, " ", part.family, ",</p><p>", sentence, "<br>", hotel, "</p><p style=\"color:#666\">",
            pc.replace_substring(home, "\n", "<br>"),
            pc.replace_substring(phone, "\n", "<br>"), pc.replace_substring(member_no, "\n", "<br>"),
            "</p></td></tr></table></body></html>\n\n--", boundary, "--\n\n",
        )  # fmt: skip
        self._folder.add(self._mail, rows)
        self._truth.note(
            self._mail,
            block,
            member,
            {
                "name": True,
                "email": True,
                "phone": filled(block.phone) & tells_phone,
                "address": tells_home,
                "loyalty_id": filled(block.loyalty_id),
            },
        )


def _repeat(block: Block, member: Flags, stream: str, least: int, most: int) -> tuple[Block, Draw, Ints]:
    """The members, each some times over, with a draw for each repetition."""
    rows = np.flatnonzero(member)
    times = least + block.draw.below(f"{stream}.times", most - least + 1)[rows]
    which = np.repeat(rows, times)
    again = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    draw = Draw(block.draw.seed, block.draw.index[which].astype(np.int64) * 16 + again)
    part = block.at(which)
    part.draw = draw
    return part, draw, which

"""The dump of the booking system: one file for each table, as mydumper writes them."""

import numpy as np
import pyarrow.compute as pc

from amanat.prepare import numbers, spellings
from amanat.prepare.block import Block
from amanat.prepare.column import Text, choose, digit_matrix, digits, filled, from_matrix, iso, join, or_null, pick, where
from amanat.prepare.column import numbers as plain
from amanat.prepare.draw import Draw, Flags
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

ROWS_PER_INSERT = 256  # positions, so that a statement ends at the same row whatever the size of a block
HOTELS = ("Karvan Lyon", "Karvan Köln", "Karvan Leeds", "Karvan Tehran", "Karvan Sacramento", "Karvan Montréal", "Karvan São Paulo")

_HEAD = """-- MySQL dump 10.13  Distrib 8.0.39, for Linux (x86_64)
-- Host: pms-db-2    Database: karvan_pms
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET FOREIGN_KEY_CHECKS=0 */;
"""
_GUESTS = """DROP TABLE IF EXISTS `guests`;
CREATE TABLE `guests` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `first_name` varchar(80) NOT NULL,
  `last_name` varchar(120) NOT NULL,
  `email` varchar(190) DEFAULT NULL,
  `phone` varchar(40) DEFAULT NULL,
  `street` varchar(190) DEFAULT NULL,
  `postcode` varchar(12) DEFAULT NULL,
  `city` varchar(80) DEFAULT NULL,
  `country` char(2) DEFAULT NULL,
  `date_of_birth` date DEFAULT NULL,
  `national_id` varchar(24) DEFAULT NULL,
  `passport_no` varchar(16) DEFAULT NULL,
  `iban` varchar(42) DEFAULT NULL,
  `loyalty_no` varchar(16) DEFAULT NULL,
  `remarks` text,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_guests_last_name` (`last_name`,`first_name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `guests` WRITE;
"""
_BOOKINGS = """DROP TABLE IF EXISTS `bookings`;
CREATE TABLE `bookings` (
  `id` bigint NOT NULL,
  `guest_id` int unsigned NOT NULL,
  `hotel` varchar(60) NOT NULL,
  `order_ref` varchar(24) NOT NULL,
  `arrival` date NOT NULL,
  `nights` tinyint NOT NULL,
  `room` varchar(8) DEFAULT NULL,
  `amount` decimal(10,2) NOT NULL,
  `contact_email` varchar(190) DEFAULT NULL,
  `contact_phone` varchar(40) DEFAULT NULL,
  `card_masked` varchar(24) DEFAULT NULL,
  `card_pan` varchar(24) DEFAULT NULL,
  `payload` json DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `bookings` WRITE;
"""
_USERS = """DROP TABLE IF EXISTS `users`;
CREATE TABLE `users` (
  `id` int unsigned NOT NULL,
  `email` varchar(190) NOT NULL,
  `password_hash` varchar(80) NOT NULL,
  `last_login_ip` varchar(45) DEFAULT NULL,
  `last_login_at` datetime DEFAULT NULL,
  `newsletter` tinyint(1) NOT NULL DEFAULT '0'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `users` WRITE;
"""
_FOOT = "UNLOCK TABLES;\n-- Dump completed on 2026-11-09  3:12:44\n"

_REMARKS = (
    "Late arrival, key in the safe",
    "VIP\\nfruit basket",
    "Chambre calme, étage élevé",
    "Said: \\'never again room 12\\'",
    "Allergikerzimmer, keine Federn",
    "invoice to C:\\\\Karvan\\\\exports",
    "اتاق رو به باغ",
    "quarto térreo",
)


class Database(Sink):
    """Writes the tables guests, users and bookings."""

    def __init__(self, folder: Folder, truth: Truth) -> None:
        self._folder, self._truth = folder, truth
        self.guests = folder.begin("db/karvan_pms.guests.sql", _HEAD + _GUESTS)
        self.bookings = folder.begin("db/karvan_pms.bookings.sql", _HEAD + _BOOKINGS)
        self.users = folder.begin("db/karvan_pms.users.sql", _HEAD + _USERS)

    def write(self, block: Block, members: Members) -> None:
        self._write_guests(block, members.guests)
        self._write_bookings(block, members.guests)
        self._write_users(block, members.users)

    def close(self) -> None:
        for path in (self.guests, self.bookings, self.users):
            self._folder.end(path, _FOOT)

    def _write_guests(self, block: Block, member: Flags) -> None:
        part, draw = block.take(member), block.take(member).draw
        has_passport = block.draw.chance("passport.has", 0.2)
        shows_account = block.draw.chance("guests.iban", 0.7)
        shows_address = block.draw.chance("guests.address", 0.8)
        shows_birth = block.draw.chance("guests.birth", 0.85) | ~filled(block.email)
        email = spellings.loud(part, _either(part), "guests.email", 0.06)
        literal = spellings.in_sql
        remark = or_null(draw.chance("remark.has", 0.25), pick(_REMARKS, draw.below("remark", len(_REMARKS))))
        row = join(
            guest_number(part),
            literal(spellings.loud(part, part.given, "guests.name", 0.05)),
            literal(where(draw.chance("guests.straight", 0.5), pc.replace_substring(part.family, "’", "'"), part.family)),
            literal(email),
            literal(spellings.phone(part, "guests.phone")),
            literal(or_null(shows_address[member], part.street)),
            literal(or_null(shows_address[member], part.postcode)),
            literal(or_null(shows_address[member], part.town)),
            literal(spellings.residence_words(part)),
            literal(or_null(shows_birth[member], spellings.day(part, "iso"))),
            literal(spellings.national_id(part, "guests.id")),
            literal(or_null(has_passport[member], numbers.passport(draw))),
            literal(or_null(shows_account[member], spellings.iban(part, "guests.iban"))),
            literal(part.loyalty_id),
            pc.fill_null(join("'", remark, "'"), "NULL"),
            join("'", iso(part.since), " ", digits(draw.below("hour", 24), 2), ":", digits(draw.below("minute", 60), 2), ":00'"),
            by=",",
        )
        self._insert(self.guests, "guests", part, row)
        is_us = block.is_in("US-CA", "US-NY", "US-TX", "US-FL")
        self._truth.note(
            self.guests,
            block,
            member,
            {
                "name": True,
                "email": filled(block.email),
                "phone": filled(block.phone),
                "address": shows_address,
                "dob": shows_birth,
                "national_id": filled(block.national_id) & ~is_us,
                "ssn": filled(block.national_id) & is_us,
                "passport": has_passport,
                "iban": filled(block.iban) & shows_account,
                "loyalty_id": filled(block.loyalty_id),
            },
        )

    def _write_bookings(self, block: Block, member: Flags) -> None:
        rows = np.flatnonzero(member)
        times = 3 + block.draw.below("bookings", 10)[rows]
        again = np.concatenate([np.arange(n) for n in times]) if len(times) else np.zeros(0, dtype=np.int64)
        which = np.repeat(rows, times)
        part = block.at(which)
        guest = guest_number(part)
        draw = Draw(block.draw.seed, block.draw.index[which].astype(np.int64) * 16 + again)
        part.draw = draw
        shows_card = block.draw.chance("bookings.card", 0.5)
        literal = spellings.in_sql
        arrival = np.datetime64("2021-01-01", "D") + draw.below("arrival", 2200)
        hotel = pick(HOTELS, draw.below("hotel", len(HOTELS)))
        source = pick(["web", "phone", "agency", "walk-in"], draw.below("source", 4))
        payload = join(
            '\'{\\"channel\\": \\"', source, '\\", \\"locale\\": \\"', part.language, '\\", \\"device\\": {\\"session\\": \\"',
            _hex(draw, "session", 32),
            '\\", \\"agent\\": \\"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/144.0\\"}, '
            '\\"rate\\": {\\"plan\\": \\"BAR\\", \\"board\\": \\"BB\\"}}\'',
        )  # fmt: skip
        row = join(
            digits(draw.index.astype(np.int64) % 10**12, 12),
            guest,
            join("'", hotel, "'"),
            join("'", _order_number(draw), "'"),
            join("'", iso(arrival), "'"),
            plain(1 + draw.below("nights", 9)),
            join("'", digits(100 + draw.below("room", 400), 3), "'"),
            join(digits(80 + draw.below("amount", 900), 3), ".", digits(draw.below("cents", 100), 2)),
            literal(part.email),
            literal(or_null(draw.chance("contact_phone", 0.5), spellings.phone(part, "bookings.phone"))),
            literal(spellings.masked_card(part)),
            literal(or_null(shows_card[which], spellings.card(part, "bookings.card"))),
            payload,
            by=",",
        )
        self._insert(self.bookings, "bookings", part, row)
        any_phone = np.zeros(len(block), dtype=bool)
        np.logical_or.at(any_phone, which, draw.chance("contact_phone", 0.5))
        self._truth.note(
            self.bookings,
            block,
            member,
            {
                "email": filled(block.email),
                "phone": filled(block.phone) & any_phone,
                "card_number_alone": filled(block.card) & shows_card,
                "card_truncated": filled(block.card),
            },
        )

    def _write_users(self, block: Block, member: Flags) -> None:
        part = block.take(member)
        draw = part.draw
        hashed = choose(
            draw.weighted("hash", [60, 25, 15]),
            join("$2y$10$", from_matrix(_codes(draw, "bcrypt", "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 53))),
            _hex(draw, "md5", 32),
            _hex(draw, "sha1", 40),
        )
        row = join(
            guest_number(part),
            spellings.in_sql(spellings.loud(part, part.email, "users.email", 0.05)),
            join("'", hashed, "'"),
            join("'", numbers.ip(draw, "users.ip"), "'"),
            join(
                "'2026-",
                digits(1 + draw.below("month", 10), 2),
                "-",
                digits(1 + draw.below("day", 28), 2),
                " 08:",
                digits(draw.below("minute", 60), 2),
                ":12'",
            ),
            pick(["0", "1"], draw.below("newsletter", 2)),
            by=",",
        )
        self._insert(self.users, "users", part, row)
        self._truth.note(self.users, block, member, {"email": True, "password_hash": True, "ip": True})

    def _insert(self, path: str, table: str, part: Block, row: Text) -> None:
        group = part.position // ROWS_PER_INSERT
        first = np.ones(len(group), dtype=bool)
        first[1:] = group[1:] != group[:-1]
        last = np.ones(len(group), dtype=bool)
        last[:-1] = first[1:]
        opening = where(first, f"INSERT INTO `{table}` VALUES\n(", "(")
        self._folder.add(path, join(opening, row, where(last, ");\n", "),\n")))


def guest_number(part: Block) -> Text:
    """The booking system's own number of a guest, which is not the register's."""
    return plain(part.draw.unique("guest", 2**28))


def _either(part: Block) -> Text:
    use_second = part.draw.chance("guests.second", 0.3) & filled(part.email2)
    return where(use_second, part.email2, part.email)


def _codes(draw: Draw, stream: str, alphabet: str, width: int) -> np.ndarray:
    letters = np.frombuffer(alphabet.encode(), dtype=np.uint8)
    pieces = [draw.bits(f"{stream}.{i}") for i in range((width + 7) // 8)]
    raw = np.stack(pieces, axis=1).view(np.uint8).reshape(len(pieces[0]), -1)[:, :width]
    return letters[raw % len(letters)]


def _hex(draw: Draw, stream: str, width: int) -> Text:
    return from_matrix(_codes(draw, stream, "0123456789abcdef", width))


def _order_number(draw: Draw) -> Text:
    """Sixteen digits in groups that begin like a card and break Luhn's rule."""
    body = 410000 * 10**9 + draw.below("order", 10**9)
    wide = digit_matrix(body, 15)[:, ::-1].copy()
    wide[:, ::2] = wide[:, ::2] * 2 // 10 + wide[:, ::2] * 2 % 10
    wrong = (11 - wide.sum(axis=1) % 10) % 10
    return digits(body * 10 + wrong, 16)

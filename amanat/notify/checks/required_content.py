"""The letter holds everything that the law asks for, or says that it is not known yet."""

import re
from collections.abc import Callable, Iterator

from amanat.notify.check import Check, Objection, Reading
from amanat.terms.notice import Notice, Sentence
from amanat.wording.language import GateWords

FOUND = ("detection", "awareness", "discovery", "discovery_or_notification", "knowledge_incident_affected_personal_data")


def _sentences(notice: Notice) -> list[Sentence]:
    return [sentence for section in notice.sections for sentence in section.sentences]


def _rests_on(*facts: str) -> Callable[[Reading, Notice], bool]:
    return lambda reading, notice: any(set(facts) & set(sentence.facts) for sentence in _sentences(notice))


def _has_section(id: str) -> Callable[[Reading, Notice], bool]:
    return lambda reading, notice: any(section.id == id for section in notice.sections)


def _holds(*texts: str) -> Callable[[Reading, Notice], bool]:
    return lambda reading, notice: all(any(text in s.text for s in _sentences(notice)) for text in texts)


def _names_data(reading: Reading, notice: Notice) -> bool:
    return any(s.is_item and s.facts == ("exposures",) and len(s.kinds) == 1 for s in _sentences(notice))


def _names_consequences(reading: Reading, notice: Notice) -> bool:
    ours = {*reading.words.consequences.values(), *reading.words.family.values()}
    return _rests_on("likely_consequences")(reading, notice) or any(s.text in ours for s in _sentences(notice))


def _advises(step: str, *kinds: str) -> Callable[[Reading, Notice], bool]:
    """The step stands in the letter, or nobody of the group has such data."""

    def proof(reading: Reading, notice: Notice) -> bool:
        is_affected = any(s.is_item and s.kinds in {(kind,) for kind in kinds} for s in _sentences(notice))
        # The family of a person who has died has no password of theirs to change: it closes what is still open.
        return not is_affected or any(_holds(reading.words.steps[one])(reading, notice) for one in (step, "estate_accounts"))

    return proof


def _names_us(reading: Reading, notice: Notice) -> bool:
    company = reading.company
    return company is not None and _holds(company.privacy_email)(reading, notice)


def _names_phone(reading: Reading, notice: Notice) -> bool:
    company = reading.company
    return company is not None and any(_holds(number)(reading, notice) for number in company.phone.values())


def _names_agencies(reading: Reading, notice: Notice) -> bool:
    return _holds("1-877-438-4338")(reading, notice) and any(
        re.search(r"[a-z]+\.(ny|ca|tx)\.gov|\bAttorney General\b", s.text) for s in _sentences(notice)
    )


def _explains_delay(reading: Reading, notice: Notice) -> bool:
    from amanat.notify.checks.delay import is_late

    return _rests_on("delay_reason")(reading, notice) or not is_late(reading)


def _always(reading: Reading, notice: Notice) -> bool:
    return True  # name, address and date are printed on every text, message and letter


_DESCRIBED = _rests_on("what_happened", "incident_kind")
_DATED = _rests_on("occurrence")
_KNOWN_SINCE = _rests_on(*FOUND)
_MEASURES = _rests_on("what_we_did", "what_we_will_do")

# The items of the law pack, each with its proof.
ITEMS: dict[str, Callable[[Reading, Notice], bool]] = {
    "entity_name": _always,
    "notice_date": _always,
    "plain_language": _always,
    "entity_contact": _names_us,
    "contact_point": _names_us,
    "phone": _names_phone,
    "toll_free_phone": _names_phone,
    "incident_description": _DESCRIBED,
    "nature": _DESCRIBED,
    "breach_date": _DATED,
    "breach_date_approx": _DATED,
    "exposure_time_frame": _DATED,
    "discovery_date": _KNOWN_SINCE,
    "data_types": _names_data,
    "data_types_specific": _names_data,
    "consequences": _names_consequences,
    "measures": _MEASURES,
    "protective_acts": _MEASURES,
    "self_protection": _has_section("what_you_do"),
    "vigilance_advice": _has_section("what_you_do"),
    "report_identity_theft_advice": _has_section("what_you_do"),
    "mitigation_services": _rests_on("what_we_offer"),
    "credential_change_advice": _advises("password_change", "online_credentials", "password", "password_hash", "email_with_code"),
    "biometric_authenticator_advice": _advises("biometric", "biometric"),
    "rights_and_remedies": lambda reading, notice: any(_holds(one["rights"])(reading, notice) for one in (reading.words.text, reading.words.family)),
    "right_to_police_report": lambda reading, notice: any(
        _holds(reading.words.steps[one])(reading, notice) for one in ("id_watch", "estate_contracts")
    ),
    "cra_contacts": _holds("Equifax", "Experian", "TransUnion"),
    "security_freeze_how_and_free": _holds("Equifax", "Experian", "TransUnion"),
    "fraud_alert_and_freeze_statement": _holds("Equifax", "Experian", "TransUnion"),
    "ftc_contacts": _holds("1-877-438-4338"),
    "ftc_and_ag_contacts": _names_agencies,
    "state_and_federal_agency_contacts": _names_agencies,
    "law_enforcement_delay": _rests_on("law_enforcement_hold"),
}

# Items that a law file puts into words of its own, by what they are about; the first that fits.
_ABOUT: tuple[tuple[str, Callable[[Reading, Notice], bool]], ...] = (
    (r"delay", _explains_delay),
    (r"contact|department", _names_us),
    (r"recommend|self.protect|person can take", _has_section("what_you_do")),
    (r"consequence|risk|impact|harm|effect", _names_consequences),
    (r"date of knowledge|discover|aware", _KNOWN_SINCE),
    (r"measure|steps taken|taken or intended|acts|mitigat|handling|reduc", _MEASURES),
    (r"data|kinds|categor|personal information", _names_data),
    (r"date|day|period|when|time", _DATED),
    (r"nature|circumstance|descri|how|summary|what happened", _DESCRIBED),
)


# What the letter cannot hold where a law forbids to tell the nature of the breach (Massachusetts): the letter leaves those sections out.
_SILENT = (_DESCRIBED, _DATED, _KNOWN_SINCE, _names_consequences, ITEMS["law_enforcement_delay"])


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    notice = reading.notice
    if notice is None:
        return
    must_be_silent = any("nature" in item.lower() for duty in reading.duties for item in duty.forbidden)
    wanted = dict.fromkeys([*notice.content, *(item for duty in reading.duties for item in duty.content)])
    for item in wanted:
        proof = ITEMS.get(item) or next((proof for pattern, proof in _ABOUT if re.search(pattern, item, re.IGNORECASE)), None)
        if proof is None:
            yield Objection(quote=item, is_blocking=False)  # a person must read for it
        elif not proof(reading, notice):
            # The prohibition of the one law wins over what another asks for; a person still sees that it was asked for.
            yield Objection(quote=item, is_blocking=not (must_be_silent and proof in _SILENT))
    for duty in reading.duties:
        text = " ".join(section.heading for section in notice.sections) + notice.title
        for heading in duty.headings:
            if heading not in text:
                yield Objection(quote=heading)


CHECK = Check(is_blocking=True, look=_look, source="The `content` of each duty in the law pack", read_on="2026-11-22")

"""Severity: the ENISA score (2013), counted in exact quarter points, and override rules beside it that ask for more.

The score alone under-notifies: it does not see the number of persons, national identifiers in bulk, or doubt about the extent.
Both give advice only; a person decides the risk, and an advice never removes a duty.

Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, v1.0, December 2013;
the rules are held against the worked cases of EDPB Guidelines 01/2021.
"""

from dataclasses import dataclass

from amanat.assess.groups import together
from amanat.assess.situation import Situation
from amanat.assess.tree import Known
from amanat.terms.assessment import Severity

# Base of the data processing context: simple 1, behavioural 2, financial 3, sensitive 4. What is not listed is simple.
_BASE = {
    2: "employment communications family geolocation alpr work_evaluations",
    3: "pay iban card_number_alone fin_acct_with_code fin_acct_alone fin_access_code electronic_id_with_code tax_info "
    "password online_credentials email_with_code private_key security_tokens",
    4: "medical medical_id health_insurance biometric genetic special_category card_with_code",
}
_CONTEXT = {kind: base for base, kinds in _BASE.items() for kind in kinds.split()}

# Whoever holds a list of these houses' clients knows something of their health.
_TELLING_SECTORS = {"hospital", "clinic", "pharmacy", "psychotherapy", "rehabilitation"}

_IDENTIFIERS = frozenset("national_id ssn tin passport dl_state_id military_id gov_id_other".split())
_REACH = frozenset("email phone address dob loyalty_id".split())
# Alone or beside a name, these tell nothing of who it is.
_NAMELESS = frozenset("password password_hash ip service".split())
_OPENS_ACCOUNTS = frozenset(
    "password online_credentials email_with_code private_key security_tokens fin_access_code card_with_code card_number_alone "
    "fin_acct_with_code electronic_id_with_code".split()
)
_SENSITIVE = frozenset(kind for kind, base in _CONTEXT.items() if base == 4)

# What to ask when nobody knows which data are affected, the most telling first.
_ASK = ("kinds", "exfiltration", "recipients", "malicious", "extent_known")

_RANK = ("none", "risk", "high")

# Persons above which a rule asks for more. 100 is ENISA's own flag. 10,000 lies between EDPB's cases: 60,000 persons
# with simple data are a high risk (case 14), and no worked case below 10,000 turns on the number alone.
MANY, VERY_MANY = 100, 10_000


@dataclass(frozen=True, slots=True)
class _Parts:
    context: int
    identification_quarters: int
    circumstances_quarters: int

    @property
    def quarters(self) -> int:
        return self.context * self.identification_quarters + self.circumstances_quarters


def severity_of(now: Situation) -> Severity:
    """How bad it is for the persons, part by part, with the reasons."""
    protected = _is_protected(now)
    sets = _kind_sets(now)
    circumstances, circumstance_reasons = _circumstances(now, protected)
    scored = [(_context(kinds, now), _identification(kinds, now, protected)) for kinds in sets]
    (context, why_context), (ease, why_ease) = max(scored, key=lambda s: (s[0][0] * s[1][0], s[0][0]))
    parts = _Parts(context, ease, circumstances)
    is_known = any(sets) or protected
    of_score = "low" if parts.quarters < 8 else "medium" if parts.quarters < 12 else "high" if parts.quarters < 16 else "very_high"
    overrides = _overrides(now, sets, ease, protected)
    advice = max([{"low": "none", "medium": "risk"}.get(of_score, "high"), *(level for level, _ in overrides)], key=_RANK.index)
    return Severity(
        score=parts.quarters / 4,
        # A low score of empty facts would look settled though nothing is known.
        band=of_score if is_known else "unknown",
        context=float(context),
        identification=ease / 4,
        circumstances=circumstances / 4,
        reasons=(why_context, why_ease, *circumstance_reasons),
        overrides=tuple(f"{level}: {says}" for level, says in overrides),
        advice=advice,
        ask=() if is_known else tuple(name for name in _ASK if now.fact(name) is None),
    )


def _kind_sets(now: Situation) -> list[frozenset[str]]:
    """What the worst-hit persons may have lost, one set for each group of alike persons; review persons count, as the risk is theirs too."""
    named = together(now.given("kinds") or ())
    found = {group.kinds | named for group in now.groups or ()}
    return sorted(found, key=sorted) or [named]


def _is_protected(now: Situation) -> bool:
    # Encryption protects only while the key is known to be safe; unknown is not safe.
    if now.given("redacted") is True:
        return True
    return now.given("encrypted") == "yes" and now.given("key_taken") is False


def _context(kinds: frozenset[str], now: Situation) -> tuple[int, str]:
    if not kinds:
        return 1, "context 1: which kinds of data are affected is not known; counted as simple data until it is"
    worst = max(sorted(kinds), key=lambda kind: _CONTEXT.get(kind, 1))
    base = _CONTEXT.get(worst, 1)
    steps = [f"context {base} for {worst}"]
    up = [
        (now.is_true("vulnerable_persons"), 1, "vulnerable persons are among them"),
        (bool(_TELLING_SECTORS & set(now.given("sectors") or ())), 1, "being our client says something about one's health"),
        (now.given("data_outdated") is True, -1, "the data are out of date"),
        (now.given("data_public_already") is True, -1, "the data were public already"),
    ]
    for applies, step, why in up:
        if applies:
            base += step
            steps.append(f"{step:+d} because {why}")
    base = min(4, max(1, base))
    return base, f"{', '.join(steps)}: {base}"


def _identification(kinds: frozenset[str], now: Situation, protected: bool) -> tuple[int, str]:
    if protected:
        return 1, "identification 0.25: the data are unintelligible (encrypted with the key safe, or redacted)"
    ids, reach = kinds & _IDENTIFIERS, kinds & _REACH
    if "name" in kinds and kinds - {"name"} - _NAMELESS:
        return 4, "identification 1: name together with further details of the person"
    if ids and (reach or "name" in kinds):
        return 4, "identification 1: an identification number together with contact details or birth date"
    if ids or "email" in kinds or "biometric" in kinds or len(reach) > 1:
        return 3, "identification 0.75: an identification number, e-mail address or several details point to one person"
    if "name" in kinds or reach:
        return 2, "identification 0.5: a single detail, shared by few"
    if not kinds:
        return 4, "identification 1: what is affected is not known, so it is counted as if the persons could be named"
    if kinds <= _NAMELESS:
        return 1, "identification 0.25: nothing that names a person"
    return 3, "identification 0.75: the content itself may point to one person"


def _circumstances(now: Situation, protected: bool) -> tuple[int, list[str]]:
    parts = [_confidentiality(now, protected), _integrity(now), _availability(now)]
    malicious = now.fact("malicious")
    if isinstance(malicious, Known):
        parts.append((2, "+0.5: malicious intent") if malicious.value else (0, "+0: no malicious intent"))
    else:
        parts.append((0, "+0: whether there was malicious intent is not known"))
    return sum(quarters for quarters, _ in parts), [says for _, says in parts if says]


def _confidentiality(now: Situation, protected: bool) -> tuple[int, str]:
    if protected:
        return 0, "+0: what was exposed cannot be read"
    if now.given("exfiltration") == "excluded_by_logs" and now.given("recipients") in (None, "none"):
        return 0, "+0: logs exclude that data left our systems"
    recipients = now.given("recipients")
    if recipients == "none":
        return 0, "+0: exposed, and nobody received it"
    if recipients in ("known_trusted", "known"):
        return 1, "+0.25: some known recipients"
    if recipients == "unknown_or_public":
        return 2, "+0.5: an unknown number of recipients, or public"
    if now.given("confidentiality_loss") is False:
        return 0, "+0: nobody could read the data"
    return 2, "+0.5: who holds the data is not known, so it counts as an unknown number of recipients"


def _integrity(now: Situation) -> tuple[int, str]:
    if now.given("integrity_loss") is not True:
        return 0, ""
    if now.given("altered_data_used") is False:
        return 0, "+0: data were changed, and nobody acted on what was wrong"
    return (
        (1, "+0.25: data were changed and can be put right")
        if now.given("integrity_recoverable") is True
        else (2, "+0.5: data were changed and may stay wrong")
    )


def _availability(now: Situation) -> tuple[int, str]:
    if now.given("availability_loss") is not True:
        return 0, ""
    backup, hours = now.given("backup"), now.given("restore_hours")
    if backup == "complete":
        return (
            (0, "+0: restored from backup within a day")
            if hours is not None and hours <= 24
            else (1, "+0.25: temporarily unavailable, restored from backup")
        )
    return (
        (1, "+0.25: temporarily unavailable; the backup is partial")
        if backup == "partial"
        else (2, "+0.5: lost, or not known that it can be restored")
    )


def _overrides(now: Situation, sets: list[frozenset[str]], ease: int, protected: bool) -> list[tuple[str, str]]:
    """(level, sentence) of every rule that asks for at least that level, whatever the score."""
    rules = [_of_availability(now), _of_extent(now)]
    if not protected and now.given("confidentiality_loss") is not False:
        every = frozenset().union(*sets)
        n = int(now.n_persons().low)
        rules += [_of_numbers(n, ease), _of_identifiers(now, every, n), *_of_intent(now, every, ease), _of_vulnerable(now, every)]
    return [rule for rule in rules if rule is not None]


def _of_numbers(n: int, ease: int) -> tuple[str, str] | None:
    if n > VERY_MANY and ease >= 3:
        return "high", f"{n} persons can be recognised in unprotected data, more than {VERY_MANY}"
    if n > MANY and ease >= 3:
        return "risk", f"{n} persons can be recognised in unprotected data, more than {MANY}"
    return None


def _of_identifiers(now: Situation, kinds: frozenset[str], n: int) -> tuple[str, str] | None:
    found = sorted(kinds & _IDENTIFIERS)
    if not found:
        return None
    counted = sum(g.n for g in now.groups or () if g.kinds & _IDENTIFIERS) or n
    if counted > MANY:
        return "high", f"national identification numbers in bulk ({', '.join(found)} of {counted} persons)"
    return "risk", f"national identification numbers are among the data ({', '.join(found)})"


def _of_intent(now: Situation, kinds: frozenset[str], ease: int) -> list[tuple[str, str] | None]:
    if not now.is_true("malicious"):
        return []
    left = now.given("exfiltration") != "excluded_by_logs"
    opens = sorted(kinds & _OPENS_ACCOUNTS)
    return [
        ("high", f"taken on purpose, and {', '.join(opens)} open accounts or spend money") if opens and left else None,
        ("high", "somebody was deceived to get at persons who can be recognised: misuse is what it was done for")
        if now.given("incident_kind") == "social_engineering" and ease >= 3
        else None,
        ("high", "taken on purpose, and lost to the persons as well: there is no backup")
        if left and ease >= 2 and now.given("availability_loss") is True and now.given("backup") == "none"
        else None,
        ("risk", "unprotected data of persons who can be recognised were taken on purpose, or that is not excluded")
        if left and ease >= 2 and kinds
        else None,
    ]


def _of_vulnerable(now: Situation, kinds: frozenset[str]) -> tuple[str, str] | None:
    if not now.is_true("vulnerable_persons"):
        return None
    return (
        ("high", "sensitive data of children, patients or other vulnerable persons")
        if kinds & _SENSITIVE
        else ("risk", "children, patients or other vulnerable persons are affected")
    )


def _of_availability(now: Situation) -> tuple[str, str] | None:
    if now.given("availability_loss") is not True:
        return None
    backup, hours = now.given("backup"), now.given("restore_hours")
    if backup != "complete":
        return "risk", {"none": "there is no backup", "partial": "the backup is partial"}.get(str(backup), "whether there is a backup is not known")
    return ("risk", f"restoring took {hours:g} hours, more than a day") if hours is not None and hours > 24 else None


def _of_extent(now: Situation) -> tuple[str, str] | None:
    if now.given("extent_known") is False:
        return "risk", "how many persons and which data are affected is not known"
    return None

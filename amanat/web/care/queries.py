"""What the desk reads: who waits and until when, claims, offers with their ledger, calls, and what the survey says."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum
from django.utils.translation import get_language

from amanat import care, wording
from amanat.terms.answer import ANSWERS, SCALES
from amanat.terms.case import Case
from amanat.terms.claim import Claim
from amanat.web.care.actions import open_cases_of
from amanat.web.care.models import (
    BudgetRow,
    CallRow,
    CaseMessage,
    CaseRow,
    ClaimFile,
    ClaimRow,
    MailFile,
    MasterCase,
    OfferEntry,
    OfferPlan,
    OfferRow,
    SurveyAnswer,
)
from amanat.web.care.person import CASE_TEXT, CLAIM_TEXT, began_on_of
from amanat.web.respond.models import Incident
from amanat.web.scope.people import reveal_many

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 100
UNDECIDED = ("received", "asked_back")


def numbers(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """The figures at the head of the desk; a share of kept promises only where the time of some is over."""
    cases = CaseRow.objects.filter(incident=incident)
    waiting = cases.filter(state="open")
    n_kept = n_over = 0
    for state, opened_at, due_at, answered_at in cases.exclude(state="closed").values_list("state", "opened_at", "due_at", "answered_at").iterator():
        is_over = answered_at is not None or now > due_at
        n_over += is_over
        n_kept += answered_at is not None and answered_at <= due_at and state == "answered" and opened_at <= answered_at
    calls = CallRow.objects.filter(incident=incident)
    return {
        "n_open": waiting.count(),
        "n_late": waiting.filter(due_at__lt=now).count(),
        "n_first": waiting.filter(urgency__in=("depends", "safety", "need")).count(),
        "kept_share": n_kept / n_over if n_over else None,
        "n_over": n_over,
        "n_calls": calls.exclude(state="confirmed").count(),
        "n_confirmed": calls.filter(state="confirmed").count(),
        "n_claims": ClaimRow.objects.filter(incident=incident, state__in=UNDECIDED).count(),
        "n_claims_late": ClaimRow.objects.filter(incident=incident, state__in=UNDECIDED, answer_due_at__lt=now).count(),
    }


def queue(incident: Incident) -> list[CaseRow]:
    """Open cases as they are to be served, at most as many as a page holds."""
    return list(open_cases_of(incident).select_related("master")[:SHOWN])


def masters(incident: Incident) -> list[MasterCase]:
    """Master cases, the newest first, each with its number of open cases."""
    rows = MasterCase.objects.filter(incident=incident).order_by("-opened_at")
    counts = Counter(dict(CaseRow.objects.filter(master__in=rows, state="open").values_list("master").annotate(n=Count("id"))))
    found = list(rows)
    for row in found:
        row.n_open = counts[row.pk]
    return found


def case(incident: Incident, row: CaseRow) -> dict[str, Any]:
    """One case, decrypted: who it is, what was said, and what of theirs was affected."""
    keys = incident.keys()
    said = [
        {"message": m, "said": keys.decrypt(m.secret, place=CASE_TEXT, row=m.pk)}
        for m in CaseMessage.objects.filter(case=row).select_related("by").order_by("at")
    ]
    secret = next((one for _pk, one in reveal_many(incident, [row.person])), None) if row.person else None
    claim_row = ClaimRow.objects.filter(case=row).select_related("decided_by").first()
    return {"talk": said, "secret": secret, "claim": claim(incident, claim_row, secret) if claim_row else None}


def claim(incident: Incident, row: ClaimRow, secret: Any) -> dict[str, Any]:
    """A claim with what the person said of it, and our advice on its link to the incident."""
    said = incident.keys().decrypt(row.secret, place=CLAIM_TEXT, row=row.pk)
    happened_on = date.fromisoformat(said["happened_on"]) if said["happened_on"] else None
    lost = Decimal(said["lost"]) if said["lost"] else None
    link = care.link_of(
        Claim(harm=row.harm, happened_on=happened_on, received_at=row.received_at, lost_eur=lost), secret["kinds"], began_on=began_on_of(incident)
    )
    files = list(ClaimFile.objects.filter(claim=row).order_by("at").values("pk", "size_bytes"))
    words = care.in_language(care.harms()[row.harm].words, get_language() or "en")
    return {"row": row, "harm": words.name, "happened_on": happened_on, "lost": lost, "link": link, "files": files}


def claims(incident: Incident) -> list[dict[str, Any]]:
    """Claims that wait for a decision, the earliest date first."""
    harms = care.harms()
    rows = ClaimRow.objects.filter(incident=incident, state__in=UNDECIDED).order_by("answer_due_at")[:SHOWN]
    return [{"row": row, "harm": care.in_language(harms[row.harm].words, get_language() or "en").name} for row in rows]


def calls(incident: Incident) -> list[dict[str, Any]]:
    """Who must be called, with name and numbers: whoever lost a service and declared a need first."""
    rows = list(
        CallRow.objects.filter(incident=incident).exclude(state="confirmed").select_related("person").order_by("why_rank", "changed_at")[:SHOWN]
    )
    secrets = dict(reveal_many(incident, [row.person for row in rows]))
    return [{"row": row, "secret": secrets[row.person_id], "next": care.NEXT[row.state]} for row in rows]


def offers(incident: Incident) -> dict[str, Any]:
    """Each offer: for how many, at what cost, whether it is open, and what became of it; the budget beside the ledger's sum."""
    plans = {row.offer: row for row in OfferPlan.objects.filter(incident=incident).select_related("opened_by")}
    rows = OfferRow.objects.filter(incident=incident)
    states = {(offer, state): n for offer, state, n in rows.values_list("offer", "state").annotate(n=Count("id"))}
    taken = rows.filter(state__in=("accepted", "given")).aggregate(eur=Sum("cost_eur"))["eur"] or Decimal(0)
    paid = ClaimRow.objects.filter(incident=incident, reimburse_eur__isnull=False).aggregate(eur=Sum("reimburse_eur"))["eur"] or Decimal(0)
    lines, names = [], offer_names(get_language() or "en")
    for name, offer in care.offers().items():
        given = {state: states.get((name, state), 0) for state in ("accepted", "declined", "given")}
        lines.append({"id": name, "offer": offer, "name": names[name], "plan": plans.get(name), "n": given})
    return {
        "lines": lines,
        "names": names,
        "budget": BudgetRow.objects.filter(incident=incident).first(),
        "taken_eur": taken,
        "claims_eur": paid,
        "to_give": list(rows.filter(Q(state="accepted") | Q(is_owed=True)).exclude(state="given").order_by("changed_at")[:SHOWN]),
        "ledger": list(OfferEntry.objects.filter(row__incident=incident).select_related("row", "by").order_by("-id")[:SHOWN]),
    }


def offer_names(language: str) -> dict[str, str]:
    """What each offer is called, with its amount."""
    words = wording.words(wording.language_for(language, wording.languages(), "en"))
    return {name: words.say(care.in_language(one.words, language).name, amount=float(one.amount)) for name, one in care.offers().items()}


def answers(incident: Incident) -> "pa.Table":
    """The answers of the survey as `terms.answer.ANSWERS`; persons stand as the ids of their rows."""
    import pyarrow as pa

    names = ("person_id", "at", "language", "notice_id", *SCALES)
    rows = SurveyAnswer.objects.filter(incident=incident).order_by("at").values(*names)
    return pa.Table.from_pylist([{**row, "person_id": str(row["person_id"])} for row in rows], schema=ANSWERS)


def survey(incident: Incident) -> list[dict[str, Any]]:
    """The figures of the survey after help, each with its interval; as many decimals as the number of answers bears."""
    figures = care.figures(answers(incident))
    found = []
    for one in figures:
        digits = {"nps": 0, "csat": 3}.get(one.question, 1)
        shown = {name: None if (value := getattr(one, name)) is None else round(value, digits) for name in ("value", "low", "high")}
        found.append({"question": one.question, "n": one.n, **shown})
    return found


def mails(incident: Incident) -> list[MailFile]:
    return list(MailFile.objects.filter(incident=incident).defer("secret").order_by("-at")[:20])


def as_case(row: CaseRow) -> Case:
    """The row as the stage knows it."""
    return Case(id=str(row.pk), opened_at=row.opened_at, urgency=row.urgency, state=row.state, answered_at=row.answered_at)  # type: ignore[arg-type]

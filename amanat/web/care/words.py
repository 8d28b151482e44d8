"""What codes of this stage are called on the screens of staff and of the person."""

from django.utils.translation import gettext_lazy as _

URGENCIES = {
    "depends": _("depends on us"),
    "safety": _("in danger"),
    "need": _("declared need"),
    "harm": _("reports a harm"),
    "other": _("question"),
}
CASE_STATES = {"open": _("open"), "answered": _("answered"), "closed": _("closed")}
CHANNELS = {"page": _("my page"), "email": _("e-mail"), "phone": _("telephone"), "letter": _("letter")}
CLAIM_STATES = {
    "received": _("received"),
    "asked_back": _("we asked back"),
    "accepted": _("accepted"),
    "in_part": _("accepted in part"),
    "rejected": _("not accepted"),
    "withdrawn": _("withdrawn"),
}
LINKS = {"likely": _("likely"), "possible": _("possible"), "unlikely": _("unlikely"), "cannot_say": _("cannot say")}
REASONS = {
    "data_fit": _("The data that this harm needs were among those affected."),
    "data_do_not_fit": _("As far as we know, the data that this harm needs were not among those affected."),
    "after_incident": _("It happened after the incident began."),
    "before_incident": _("It happened before the incident began."),
    "order_unknown": _("We do not know what came first."),
}
OFFER_STATES = {"open": _("offered"), "accepted": _("accepted"), "declined": _("declined"), "given": _("handed over")}
CALL_STATES = {
    "to_call": _("to call"),
    "not_reached": _("not reached"),
    "spoken": _("spoken to"),
    "substituted": _("substitute on its way"),
    "confirmed": _("confirmed: has what is needed"),
}
CALL_WHYS = {"service_and_need": _("service missing, need declared"), "service": _("service missing"), "need": _("need declared")}
MAIL_STATES = {"asked": _("waiting"), "case": _("became a case"), "automatic": _("automatic, no case"), "failed": _("could not be read")}
# The survey: each item in words of our own, after the three parts of trust.
SURVEY = {
    "nps": _("How likely are you to recommend us to a friend?"),
    "csat": _("How satisfied are you with the help that you got?"),
    "benevolence": _("They care what becomes of me, not only of their company."),
    "integrity": _("They tell me the truth and do what they promise."),
    "competence": _("They are able to keep my data safe from now on."),
}
SURVEY_ENDS = {
    "nps": (_("not at all likely"), _("very likely")),
    "csat": (_("not at all satisfied"), _("very satisfied")),
    "trust": (_("I do not agree at all"), _("I fully agree")),
}

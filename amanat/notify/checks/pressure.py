"""Nobody is hurried: a real notice is as true tomorrow as today."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=True,
    look=phrases,
    source="NCSC (UK), “Phishing: spot and report scam emails, texts, websites and calls”: urgency as a sign of fraud",
    read_on="2026-11-22",
)

"""Care: stand by the person: offers, harm claims, cases, welfare calls, lessons, the survey after help. Receipts to answers."""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amanat.care.budget import Line as Line
    from amanat.care.budget import Unequal as Unequal
    from amanat.care.budget import plan as plan
    from amanat.care.budget import unequal as unequal
    from amanat.care.check import flaws as flaws
    from amanat.care.harm import HarmType as HarmType
    from amanat.care.harm import answer_due as answer_due
    from amanat.care.harm import harms as harms
    from amanat.care.harm import link_of as link_of
    from amanat.care.lesson import Lesson as Lesson
    from amanat.care.lesson import lessons as lessons
    from amanat.care.lesson import lessons_for as lessons_for
    from amanat.care.mail import Mail as Mail
    from amanat.care.mail import read_mail as read_mail
    from amanat.care.member import in_language as in_language
    from amanat.care.offer import Entitled as Entitled
    from amanat.care.offer import Offer as Offer
    from amanat.care.offer import entitled as entitled
    from amanat.care.offer import offers as offers
    from amanat.care.proof import LIVES as LIVES
    from amanat.care.proof import TRIES_MAX as TRIES_MAX
    from amanat.care.proof import VISIT_IDLE as VISIT_IDLE
    from amanat.care.proof import VISIT_WHOLE as VISIT_WHOLE
    from amanat.care.proof import hash_of_proof as hash_of_proof
    from amanat.care.proof import hash_of_token as hash_of_token
    from amanat.care.proof import is_right_proof as is_right_proof
    from amanat.care.proof import may_ask_proof as may_ask_proof
    from amanat.care.proof import new_proof as new_proof
    from amanat.care.proof import spell_proof as spell_proof
    from amanat.care.queue import due_at as due_at
    from amanat.care.queue import in_order as in_order
    from amanat.care.queue import kept as kept
    from amanat.care.queue import urgency_of as urgency_of
    from amanat.care.survey import BadAnswers as BadAnswers
    from amanat.care.survey import Figure as Figure
    from amanat.care.survey import check_answer as check_answer
    from amanat.care.survey import figures as figures
    from amanat.care.welfare import NEXT as NEXT
    from amanat.care.welfare import CannotFollow as CannotFollow
    from amanat.care.welfare import ToCall as ToCall
    from amanat.care.welfare import follow as follow
    from amanat.care.welfare import to_call as to_call

# What others may use, by the file it lives in. Imported at first use, so that `import amanat.care` costs nothing.
_DOOR = {
    "budget": "Line Unequal plan unequal",
    "check": "flaws",
    "harm": "HarmType answer_due harms link_of",
    "lesson": "Lesson lessons lessons_for",
    "mail": "Mail read_mail",
    "member": "in_language",
    "offer": "Entitled Offer entitled offers",
    "proof": "LIVES TRIES_MAX VISIT_IDLE VISIT_WHOLE hash_of_proof hash_of_token is_right_proof may_ask_proof new_proof spell_proof",
    "queue": "due_at in_order kept urgency_of",
    "survey": "BadAnswers Figure check_answer figures",
    "welfare": "NEXT CannotFollow ToCall follow to_call",
}
_FILE_OF = {name: file for file, names in _DOOR.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"amanat.care has no {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"amanat.care.{_FILE_OF[name]}"), name)  # asked for once
    return found


class _FrontDoor(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Importing a file of ours must not bind the module over a function of the same name.
        if not (isinstance(value, ModuleType) and name in _FILE_OF):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor

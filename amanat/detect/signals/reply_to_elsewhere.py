"""Answers would go to another organisation than the sender's."""

from collections.abc import Iterator

from amanat.detect.domains import registered
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

ELSEWHERE = "Answers would go to %(reply)s, not to %(sender)s from where it says to come."
FREE = "Answers would go to a free mailbox (%(reply)s), not to %(sender)s from where it says to come."

# Mailboxes that anyone can open in a minute.
FREE_MAILBOXES = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com ymail.com aol.com icloud.com mail.com gmx.com gmx.net gmx.de web.de "
    "proton.me protonmail.com tutanota.com yandex.com yandex.ru mail.ru zoho.com orange.fr laposte.net free.fr hotmail.fr yahoo.fr".split()
)


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    sender = mail.sender
    if sender is None or not sender.domain or mail.all("list-id"):
        return  # a mailing list sends in its members' names and takes the answers itself
    for reply in mail.reply_to:
        if reply.domain and registered(reply.domain) != registered(sender.domain):
            says = {"reply": registered(reply.domain), "sender": registered(sender.domain)}
            is_free = registered(reply.domain) in FREE_MAILBOXES and registered(sender.domain) not in FREE_MAILBOXES
            yield Sign("strong", FREE, says) if is_free else Sign("weak", ELSEWHERE, says)


SIGNAL = Signal(
    look=look,
    sentences=(ELSEWHERE, FREE),
    source="https://attack.mitre.org/techniques/T1566/",
    examples=(a_mail(more="Reply-To: director.karvan@gmail.com\n"), a_mail(more="Reply-To: <help@desk.example>\n")),
    not_examples=(a_mail(), a_mail(more="Reply-To: Sara <sara@mail.example.org>\n"), a_mail(more="List-Id: <l.example>\nReply-To: l@list.example\n")),
)

"""A dry run counts, prices and sees what is odd; it sends nothing and keeps nobody."""

from decimal import Decimal

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.dry_run import ChannelRun
from amanat.terms.company import Price
from tests.notify.delivery_world import KEY, a_company, a_contact, a_notice, duties_for


def a_run(contacts, **company):
    ours = a_company(channels=("email", "sms", "letter"), **company)
    plan = notify.plan(duties_for(contacts), contacts, [a_notice()], ours, facts={}, key=KEY)
    return notify.dry_run(plan, contacts, [a_notice()], ours)


def test_each_channel_has_its_persons_its_units_and_its_cost():
    phone = (Private("phone", "+447700900123"),)
    contacts = [
        a_contact("1", emails=("a@example.org",), address=None),
        a_contact("2", emails=(), phones=phone, residence="GB", address=None),
        a_contact("3", emails=()),
        a_contact("4", emails=(), address=None),
    ]
    found = a_run(contacts, unit_cost={"sms": "0.07 EUR", "letter": "1.29 EUR"})
    assert found.channels == (
        ChannelRun(channel="email", n=1, n_reserve=0, n_units=1, price=None),  # nobody entered what a mail costs
        ChannelRun(channel="letter", n=1, n_reserve=0, n_units=1, price=Price(Decimal("1.29"), "EUR")),
        ChannelRun(channel="sms", n=1, n_reserve=0, n_units=3, price=Price(Decimal("0.21"), "EUR")),  # Hôtel is UCS-2: three segments
    )
    assert found.n_left_out == 1


def test_what_is_odd_about_addresses_is_counted_and_nobody_is_joined():
    contacts = [
        a_contact("1", emails=("Home@example.org",), address="2 Example Street, London"),
        a_contact("2", emails=("home@example.org",), address="2  example street London"),
        a_contact("3", emails=("nonsense",), address="3 Example Street, London", minor=True),
        a_contact("4", emails=("d@example.org",), address="4 Example Street, London", deceased=True),
    ]
    found = a_run(contacts)
    assert (found.n_same_email, found.n_same_household, found.n_bad_email, found.n_minor, found.n_deceased) == (2, 2, 1, 1, 1)
    assert found.n_same_record == 2  # the first two: one name, one mailbox, one home
    assert sum(c.n for c in found.channels) == 4


def test_only_domains_of_many_are_named():
    contacts = [a_contact(str(n), emails=(f"p{n}@example.net",)) for n in range(25)] + [a_contact("x", emails=("me@my-own-name.example",))]
    assert a_run(contacts).domains == (("example.net", 25), ("", 1))


def test_who_left_the_register_is_seen():
    contacts = [a_contact("1"), a_contact("2", emails=("b@example.org",))]
    plan = notify.plan(duties_for(contacts), contacts, [a_notice()], a_company(), facts={}, key=KEY)
    assert notify.dry_run(plan, contacts[:1], [a_notice()], a_company()).n_no_contact == 1

"""Every identifier against its own examples, through the real scan."""

from datetime import date

import pytest

from amanat.scope.check import check_identifiers
from amanat.scope.column_names import Headers
from amanat.scope.identifier import BadIdentifier, Identifier, identifiers
from amanat.scope.scan import Scanner, TooManyDomains, best_of, records_of

NOW = date(2026, 11, 22)


def found_in(text: str, labels: str = "") -> list[tuple[str, str]]:
    scanner = Scanner(b"k" * 16, now=NOW)
    found = scanner.scan(records_of([text], [labels]))
    stands = best_of(found) & (found.belief >= 0.5)
    return [(scanner.names[i], text[s:e]) for i, s, e in zip(found.identifier[stands], found.start[stands], found.end[stands], strict=True)]


def test_every_identifier_finds_its_examples_and_leaves_its_counter_examples():
    assert check_identifiers(NOW) == []


@pytest.mark.parametrize("name", sorted(identifiers()))
def test_every_identifier_has_a_source_and_examples(name):
    member = identifiers()[name]
    assert member.source and member.examples and member.not_examples


def test_a_number_behind_a_card_does_not_swallow_it():
    assert ("card", "4111 1111 1111 1111") in found_in("4111 1111 1111 1111 12 2027")
    assert ("card", "5555-5555-5555-4444") in found_in("room 12 5555-5555-5555-4444 987")


def test_a_column_says_what_its_values_are():
    text, labels = "Sara\x1fAhmadi\x1fhunter2\x1f12/03/1985\x1f078051129", "first_name\x1flast_name\x1fpassword\x1fdob\x1fssn"
    expected = {("password", "hunter2"), ("birth_date", "12/03/1985"), ("us_ssn", "078051129"), ("person_name", "Sara"), ("family_name", "Ahmadi")}
    assert set(found_in(text, labels)) == expected


def test_a_column_about_a_password_is_no_password():
    assert found_in("2024-03-01", "password_changed_at") == []


def test_offsets_count_characters_not_bytes():
    assert found_in("نشانی: سارا@example.org 😀 sara@example.org")[-1] == ("email", "sara@example.org")


def test_names_of_columns_are_known_in_their_many_spellings():
    members = identifiers()
    names = list(members)
    headers = Headers(members)

    def of(label: str) -> set[str]:
        return {names[i] for i in headers.of(label)}

    assert of("eMail") == of("guest_email") == of("E-MAIL") == {"email"}
    assert of("Date de Naissance") == of("birthDate") == of("guest.dob") == of("تاریخ تولد") == {"birth_date"}
    assert of("hotel_name") == of("created_at") == set()
    assert of("guest.name.first") == {"given_name"}


def test_an_identifier_that_cannot_be_says_so():
    with pytest.raises(BadIdentifier, match="no_such_kind"):
        Identifier(kind="no_such_kind", source="s", patterns=("1",), examples=(), not_examples=())


def test_the_front_door_lists_them_before_and_after_their_folder_is_imported():
    from amanat import scope

    assert scope.identifiers().keys() == identifiers().keys()
    import amanat.scope.identifiers.email

    assert amanat.scope.identifiers().keys() == scope.identifiers().keys() == identifiers().keys()


def keys_of_dates(text: str, now: date | None) -> list[int]:
    scanner = Scanner(b"k" * 16, now=now)
    found = scanner.scan(records_of([text]))
    return found.key[(found.identifier == scanner.names.index("birth_date")) & ((found.flags & 1) == 0)].tolist()


def test_the_caller_says_what_day_it_is_and_so_which_century_a_year_is_of():
    assert keys_of_dates("born 12/03/24", date(2026, 1, 1)) == keys_of_dates("born 12/03/2024", date(2026, 1, 1)) != []
    assert keys_of_dates("born 12/03/24", date(2023, 1, 1)) == keys_of_dates("born 12/03/1924", date(2023, 1, 1)) != []


def test_a_card_s_code_without_a_word_beside_it_is_not_even_a_candidate():
    scanner = Scanner(b"k" * 16, now=NOW)
    assert len(scanner.scan(records_of(["room 352", "352", "352\x1f1234"], ["", "", "room\x1fnights"]))) == 0
    assert len(scanner.scan(records_of(["352"], ["cvv"]))) == 1


def test_what_looks_like_a_telephone_in_a_column_of_orders_is_none_unless_the_register_has_it():
    phone = ("phone", "02079460123")
    for column in ("booking_number", "order.reference", "Bestell-Nr", "n° de commande", "شماره سفارش"):
        assert phone not in found_in("02079460123", column), column
    for column in ("", "contact", "booking_phone", "order placed by"):
        assert phone in found_in("02079460123", column), column
    assert ("phone", "020 7946 0123") in found_in("Sara, 020 7946 0123", "reference")
    scanner = Scanner(b"k" * 16, now=NOW)
    known = scanner.scan(records_of(["02079460123"], ["phone"])).key
    found = scanner.scan(records_of(["Your booking 02079460123"]))
    assert set(known) <= set(found.key[found.belief < 0.5])


def keys_of(identifier: str, text: str, labels: str = "") -> set[int]:
    scanner = Scanner(b"k" * 16, now=NOW)
    found = scanner.scan(records_of([text], [labels]))
    return set(found.key[found.identifier == scanner.names.index(identifier)].tolist())


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("GET /login?user=sara%40example.org&x=1", "sara@example.org"),
        ("https://example.net/?next=%2Fguests%3Fmail%3DSara.B%2Bstay%40Example.org%26page%3D2", "sara.b+stay@example.org"),
        ("q=write+to+sara%40example.org", "sara@example.org"),
        ("%22sara%40mail.example.org%22", "sara@mail.example.org"),
    ],
)
def test_an_address_in_a_link_is_the_address(link, address):
    assert keys_of("email", link) == keys_of("email", address) != set()


def test_a_telephone_in_its_column_may_lack_its_plus_and_may_have_become_a_decimal():
    for number in ("447700900161", "33612345678"):
        (international,) = keys_of("phone", f"+{number}")
        assert international in keys_of("phone", number, "mobile")
        assert keys_of("phone", f"{number}.0", "mobile") == keys_of("phone", number, "mobile")
        assert international not in keys_of("phone", f"{number}.05", "mobile") & keys_of("phone", f"{number}05", "mobile")


def test_health_data_is_found_by_its_code_and_by_its_column():
    assert found_in("Diagnosis code E11.9") == [("icd10_code", "E11.9")]
    assert found_in("Sara\x1fasthma, mild\x1fJ45.0", "first name\x1fdiagnosis\x1ficd code") == [
        ("given_name", "Sara"),
        ("diagnosis", "asthma, mild"),
        ("icd10_code", "J45.0"),
    ]
    assert found_in("آسم\x1fE11.9", "بیماری\x1fکد تشخیص") == [("diagnosis", "آسم"), ("icd10_code", "E11.9")]
    assert found_in("meet me in room E11") == []


def test_more_domains_of_its_own_than_there_is_room_for_are_refused_in_a_sentence():
    with pytest.raises(TooManyDomains, match="1,001 domains"):
        Scanner(b"k" * 16, now=NOW, own_domains=[f"d{n}.example" for n in range(1001)])

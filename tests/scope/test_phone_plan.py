"""Numbering plans against libphonenumber, which they are made from."""

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.phone_plan import phone_plan, trunk_of

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def accepts(code: int, national: str) -> bool:
    plan = phone_plan()
    state = plan.start[code]
    for digit in national:
        state = plan.next[state * 10 + int(digit)]
    return bool(plan.accepts[state])


@settings(deadline=None)
@given(st.sampled_from(CODES), st.text("0123456789", min_size=2, max_size=15), st.integers(0, 9))
def test_a_plan_accepts_what_libphonenumber_finds_valid(code, random_digits, last):
    nationals = [random_digits]
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        example = phonenumbers.example_number(region) if region != "001" else phonenumbers.example_number_for_non_geo_entity(code)
        if example is not None:
            known = phonenumbers.national_significant_number(example)
            nationals += [known, known[:-1] + str(last), known + str(last)]
    for national in nationals:
        zeros = len(national) - len(national.lstrip("0"))
        # A number of zeros alone has no national number to ask libphonenumber about.
        if zeros == len(national):
            continue
        number = phonenumbers.PhoneNumber(
            country_code=code,
            national_number=int(national),
            italian_leading_zero=zeros > 0 or None,
            number_of_leading_zeros=zeros if zeros > 1 else None,
        )
        assert accepts(code, national) == phonenumbers.is_valid_number(number), national


def test_trunk_digits_are_those_people_dial():
    assert [trunk_of(region) for region in ("FR", "GB", "IR", "DE", "US", "CA", "BR", "IT")] == [
        (33, 0),
        (44, 0),
        (98, 0),
        (49, 0),
        (1, 1),
        (1, 1),
        (55, 0),
        (39, -1),
    ]

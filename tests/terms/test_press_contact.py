"""Whom newsrooms ask stands in the company's file, is checked like the rest of it, and stands in what the press reads."""

import pytest

from amanat.terms.company import BadCompany, Company, PressContact, read_company

LEAST = """
name = "Hotel"
legal_name = "Hotel SA"
address = "1 rue des Lilas, 69000 Lyon"
country = "FR"
website = "https://hotel.example"
notices_url = "https://notice.hotel.example/verify"
sender = "notice@hotel.example"
privacy_email = "privacy@hotel.example"
"""


def company_with(tmp_path, press) -> Company:
    path = tmp_path / "company.toml"
    path.write_text(LEAST + press, encoding="utf-8")
    return read_company(path)


def test_office_address_and_number_are_read(tmp_path):
    press = '[press]\nphone = "+33199002083"\nemail = "press@hotel.example"\noffice = { fr = "Direction de la communication" }\n'

    assert company_with(tmp_path, press).press == PressContact(
        office={"fr": "Direction de la communication"}, email="press@hotel.example", phone="+33199002083"
    )
    assert company_with(tmp_path, "").press is None


@pytest.mark.parametrize(
    ("press", "says"),
    [
        ("[press]\n", "neither email nor phone"),
        ('[press]\nemail = "press at hotel"\n', "no e-mail address"),
        ('[press]\nphone = "01 99 00 20 83"\n', "must be international"),
    ],
)
def test_what_newsrooms_could_not_use_is_refused_with_its_line(tmp_path, press, says):
    with pytest.raises(BadCompany, match=says) as error:
        company_with(tmp_path, press)
    assert "company.toml:10" in str(error.value)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "For the press: press office, +33199002083, press@hotel.example"),
        ("fr", "Contact presse\u00a0: Direction de la communication, +33199002083, press@hotel.example"),
        ("fa", "تماس رسانه‌ها: دفتر رسانه، +33199002083، press@hotel.example"),
    ],
)
def test_the_line_is_said_in_each_language(tmp_path, language, line):
    from amanat.notify.sheet import outlet_words, press_line

    press = '[press]\nphone = "+33199002083"\nemail = "press@hotel.example"\noffice = { fr = "Direction de la communication" }\n'
    assert press_line(company_with(tmp_path, press), outlet_words(language)) == line
    assert press_line(company_with(tmp_path, ""), outlet_words(language)) == ""

"""How many of somebody else's examples the scan gets right: python -m tests.scope.judged_elsewhere FILE

FILE (tests/scope/presidio/examples.json is one) is JSON, a list of {"file", "text", "expected", "positions"}: the parametrised
examples of Microsoft Presidio's recogniser tests (github.com/microsoft/presidio, MIT licence). `expected` is the number of
matches, 0 for a counter-example.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from amanat.lib.table import table
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.scan import Scanner, best_of, records_of

# The identifiers that both have, and whose recogniser asks the same question as ours.
SAME = {
    "test_aba_routing_recognizer.py": "us_routing",
    "test_au_medicare_recognizer.py": "au_medicare",
    "test_au_tfn_recognizer.py": "au_tfn",
    "test_ca_sin_recognizer.py": "ca_sin",
    "test_certificate_number_recognizer.py": "us_dea",
    "test_credit_card_recognizer.py": "card",
    "test_crypto_recognizer.py": "bitcoin_address",
    "test_de_fuehrerschein_recognizer.py": "de_driving_licence",
    "test_de_health_insurance_recognizer.py": "de_kvnr",
    "test_de_id_card_recognizer.py": "de_personal_id",
    "test_de_kfz_recognizer.py": "licence_plate",
    "test_de_lanr_recognizer.py": "de_lanr",
    "test_de_passport_recognizer.py": "passport",
    "test_de_social_security_recognizer.py": "de_svnr",
    "test_de_tax_id_recognizer.py": "de_tax_id",
    "test_de_tax_number_recognizer.py": "de_tax_number",
    "test_email_recognizer.py": "email",
    "test_es_nie_recognizer.py": "es_nie",
    "test_es_nif_recognizer.py": "es_dni",
    "test_es_passport_recognizer.py": "passport",
    "test_fi_personal_identity_code_recognizer.py": "fi_hetu",
    "test_iban_recognizer.py": "iban",
    "test_in_aadhaar_recognizer.py": "in_aadhaar",
    "test_in_pan_recognizer.py": "in_pan",
    "test_in_passport_recognizer.py": "passport",
    "test_in_vehicle_registration_recognizer.py": "licence_plate",
    "test_in_voter_recognizer.py": "in_voter",
    "test_ip_recognizer.py": "ip",
    "test_it_driver_license_recognizer.py": "it_driving_licence",
    "test_it_fiscal_code_recognizer.py": "it_cf",
    "test_it_identity_card_recognizer.py": "it_identity_card",
    "test_it_passport_recognizer.py": "passport",
    "test_kr_driver_license_recognizer.py": "kr_driving_licence",
    "test_kr_frn_recognizer.py": "kr_frn",
    "test_kr_passport_recognizer.py": "passport",
    "test_kr_rrn_recognizer.py": "kr_rrn",
    "test_mac_recognizer.py": "mac_address",
    "test_ng_nin_recognizer.py": "ng_nin",
    "test_ng_vehicle_registration_recognizer.py": "licence_plate",
    "test_ph_mobile_number_recognizer.py": "phone",
    "test_ph_tin_recognizer.py": "ph_tin",
    "test_phone_recognizer.py": "phone",
    "test_pl_pesel_recognizer.py": "pl_pesel",
    "test_se_personnummer_recognizer.py": "se_pnr",
    "test_sg_fin_recognizer.py": "sg_nric",
    "test_th_tnin_recognizer.py": "th_pin",
    "test_tr_license_plate_recognizer.py": "licence_plate",
    "test_tr_national_id_recognizer.py": "tr_tckn",
    "test_tr_phone_number_recognizer.py": "phone",
    "test_uk_driving_licence_recognizer.py": "uk_driving_licence",
    "test_uk_nhs_recognizer.py": "uk_nhs",
    "test_uk_nino_recognizer.py": "uk_nino",
    "test_uk_passport_recognizer.py": "passport",
    "test_uk_vehicle_registration_recognizer.py": "licence_plate",
    "test_us_bank_recognizer.py": "bank_account",
    "test_us_driver_license_recognizer.py": "us_driving_licence",
    "test_us_itin_recognizer.py": "us_itin",
    "test_us_mbi_recognizer.py": "us_mbi",
    "test_us_npi_recognizer.py": "us_npi",
    "test_us_passport_recognizer.py": "passport",
    "test_us_ssn_recognizer.py": "us_ssn",
    "test_za_id_number_recognizer.py": "za_id",
}


# Texts that we decide otherwise, and why.
OTHERWISE = {
    "ABCND1234Z": "there are no holders of the sort N",
    "A1111DFSFS": "five letters come first",
    "192.168.1.1.1": "five parts are the number of a version",
    "::/0": "the network of all addresses is nobody's",
    "::/128": "the unspecified address is nobody's",
    "AAAAAA00B11C333N": "its check letter is wrong",
    "G1122144L": "its check letter is wrong",
    "091712345678": "a number of Erlangen as it is dialled in Germany; no country is known",
}


def _found(examples: Iterable[Mapping[str, object]], *, in_field: bool) -> Iterator[tuple[str, Mapping[str, object], bool]]:
    """For each example of an identifier that both have: the identifier, the example, and whether we find it."""
    scanner = Scanner(bytes(16), now=date(2026, 11, 22))
    for example in examples:
        name = SAME.get(str(example["file"]))
        if name is None:
            continue
        label = scanner.members[name].headers[0].lstrip("=") if in_field else ""
        found = scanner.scan(records_of([str(example["text"])], [label]))
        stands = best_of(found) & (found.belief >= BELIEF_MIN) & (found.identifier == scanner.names.index(name))
        yield name, example, bool(stands.any())


def right_of(examples: Iterable[Mapping[str, object]], *, in_field: bool) -> dict[str, Counter[str]]:
    """Of each identifier: how many examples and counter-examples there are, and how many are right.

    With `in_field` each text stands in a column named as the identifier's first header says, as in an export.
    """
    counts: dict[str, Counter[str]] = {}
    for name, example, is_found in _found(examples, in_field=in_field):
        count = counts.setdefault(name, Counter())
        which = "examples" if example["expected"] else "counter"
        count[which] += 1
        count[f"{which} right"] += is_found == bool(example["expected"])
    return counts


def wrong_of(examples: Iterable[Mapping[str, object]], *, in_field: bool) -> list[str]:
    """Texts that we decide otherwise."""
    return [str(example["text"]) for _, example, is_found in _found(examples, in_field=in_field) if is_found != bool(example["expected"])]


def main() -> None:
    examples = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    free, fields = right_of(examples, in_field=False), right_of(examples, in_field=True)
    free["all"], fields["all"] = sum(free.values(), Counter()), sum(fields.values(), Counter())
    columns = ((free, "examples"), (fields, "examples"), (free, "counter"), (fields, "counter"))
    rows = [[name, *(f"{counts[name][f'{which} right']} of {counts[name][which]}" for counts, which in columns)] for name in sorted(free)]
    print(table(["identifier", "examples", "the same in a field", "counter-examples", "the same in a field"], rows, right=[1, 2, 3, 4]))


if __name__ == "__main__":
    main()

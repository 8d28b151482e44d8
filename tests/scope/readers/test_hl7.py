"""HL7 version 2: messages between the systems of hospitals, written out by hand from the standard's field tables."""

from tests.scope.readers.reading import READERS, read, records

PID = "PID|1||4711^^^HDQ^MR||AHMADI^SARA^B||19850312|F|||12 rue des Lilas^^Paris^^75001^FR||+33199001234^PRN^PH^sara@example.org"


def message(*segments: str, end: str = "\r") -> bytes:
    return end.join(["MSH|^~\\&|ADT|HDQ|LAB|HDQ|20261102||ADT^A01|1|P|2.5", *segments, ""]).encode()


def fields(data: bytes) -> list[dict[str, str]]:
    return [dict(zip(labels.split("|"), text.split("|"), strict=True)) for labels, text in records(data)]


def test_a_patient_has_number_name_birth_date_address_phone_and_mail():
    (patient,) = fields(message(PID))
    assert {name: patient[name] for name in patient if name not in ("MSH", "PID")} == {
        "medical record number": "4711",
        "family name": "AHMADI",
        "given name": "SARA B",
        "date of birth": "1985-03-12",
        "gender": "F",
        "address": "12 rue des Lilas, 75001 Paris, FR",
        "phone": "+33199001234",
        "email": "sara@example.org",
    }


def test_a_diagnosis_belongs_to_the_patient_of_its_message_and_a_next_of_kin_does_not():
    patient, kin = fields(message(PID, "NK1|1|PETIT^MARC|HUS||+33199005678", "DG1|1||E11.9^type 2 diabetes^I10"))
    assert (patient["diagnosis code"], patient["diagnosis"]) == ("E11.9", "type 2 diabetes") and "MARC" not in "".join(patient.values())
    assert (kin["family name"], kin["given name"], kin["phone"]) == ("PETIT", "MARC", "+33199005678")


def test_segments_may_end_in_any_way_and_messages_follow_each_other():
    for end in ("\r", "\n", "\r\n"):
        found = fields(message(PID, end=end) + message(PID.replace("4711", "4712"), end=end))
        assert [one["medical record number"] for one in found] == ["4711", "4712"], repr(end)


def test_messages_may_be_parted_by_lines_and_segments_by_returns():
    found = fields(message(PID).rstrip(b"\r") + b"\r\n" + message(PID.replace("4711", "4712")).rstrip(b"\r") + b"\r\n")
    assert [one["medical record number"] for one in found] == ["4711", "4712"]


def test_messages_are_told_apart_by_their_place():
    assert [place for _, place, _, _ in read(message(PID) + message(PID))] == ["message 1", "message 2"]


def test_other_signs_and_escapes_are_those_of_the_first_line():
    data = b"MSH#*~\\&#ADT#HDQ\rPID#1##4711**MR##O\\S\\NEILL*ANA\r"
    (patient,) = fields(data)
    assert (patient["family name"], patient["given name"]) == ("O*NEILL", "ANA")


def test_what_stands_in_no_field_of_ours_is_kept():
    (one,) = fields(message(PID, "OBX|1|TX|note||walks with a stick, lives alone"))
    assert one["OBX"] == "1 TX note walks with a stick, lives alone"


def test_empty_and_deleted_fields_say_nothing():
    (one,) = fields(message('PID|1||4711||AHMADI^SARA||""|F'))
    assert "date of birth" not in one


def test_it_is_known_by_its_first_bytes():
    from amanat.scope.source import Source

    assert READERS["hl7"].looks(Source.of_bytes(b"\x0b" + message(PID))) > 0.9
    assert READERS["hl7"].looks(Source.of_bytes(b"MSH|PID|x\n")) == 0.0

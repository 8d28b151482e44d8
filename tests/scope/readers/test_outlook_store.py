"""Outlook's mail stores: messages, contacts, attachments and what was deleted, with their folders."""

from datetime import UTC, datetime

from tests.scope.hostile import TABLE
from tests.scope.pst_file import Folder, Message, pst
from tests.scope.readers.reading import gaps, read, texts

ROOM = Message(
    properties={
        0x0037: "Your room",
        0x0C1A: "Hotel Saffron",
        0x5D01: "desk@example.org",
        0x1000: "Dear Sara,\r\nroom 12.",
        0x0E06: datetime(2026, 3, 6, 18, tzinfo=UTC),
    },
    recipients=[{0x3001: "سارا", 0x39FE: "sara@example.org", 0x0C15: 1}, {0x3001: "omid@example.org", 0x3003: "omid@example.org", 0x0C15: 2}],
    attachments=[{0x3707: "guests.csv", 0x3701: TABLE}],
)
CARD = Message(properties={0x3A06: "Sara", 0x3A11: "Example", 0x3A1C: "+44 7700 900123", 0x8083: "sara@example.org"})


def test_a_store_gives_its_messages_and_contacts_by_folder_and_what_hangs_on_them():
    store = pst(Folder(name="Top", folders=[Folder(name="Inbox", messages=[ROOM]), Folder(name="Contacts", messages=[CARD])]))
    assert read(store, "a.pst") == [
        ("a.pst!/guests.csv", "", "name|email", "Sara|sara@example.org"),
        ("a.pst!/guests.csv", "", "name|email", "Omid|omid@example.org"),
        (
            "a.pst",
            "folder Top/Inbox",
            "from|to|cc|date|subject|body",
            "Hotel Saffron <desk@example.org>|سارا <sara@example.org>|omid@example.org|2026-03-06 18:00|Your room|Dear Sara,\r\nroom 12.",
        ),
        ("a.pst", "folder Top/Contacts", "given name|family name|phone|email", "Sara|Example|+44 7700 900123|sara@example.org"),
    ]


def test_a_message_that_no_folder_holds_any_more_is_read_as_deleted():
    store = pst(Folder(name="Top"), lost=[Message(properties={0x0037: "gone", 0x1000: "to omid@example.org"})])
    assert read(store) == [("x", "folder deleted", "subject|body", "gone|to omid@example.org")]


def test_a_body_longer_than_a_block_and_a_page_alone_are_read_whole():
    long = Message(properties={0x0037: "all guests", 0x1000: "room 12 " * 9000 + "sara@example.org"})
    page = Message(properties={0x0037: "page", 0x1013: b"<html><body><p>Dear <b>Omid</b></p></body></html>"})
    found = texts(pst(Folder(name="Top", messages=[long, page])))
    assert found == ["all guests|" + "room 12 " * 9000 + "sara@example.org", "page|Dear Omid"]


def test_hundreds_of_messages_in_folders_within_folders_are_all_read():
    def filled(name: str, *folders: Folder) -> Folder:
        return Folder(name=name, folders=folders, messages=[Message(properties={0x1000: f"{name}{n}@example.org"}) for n in range(60)])

    found = texts(pst(filled("a", filled("b", filled("c")), filled("d"))))
    assert sorted(found) == sorted(f"{name}{n}@example.org" for name in "abcd" for n in range(60))


def test_a_store_inside_a_message_of_a_store_is_read_too():
    inner = pst(Folder(name="Old", messages=[CARD]))
    outer = pst(Folder(name="Top", messages=[Message(properties={0x0037: "my old mail"}, attachments=[{0x3707: "old.pst", 0x3701: inner}])]))
    assert ("x!/old.pst", "folder Old") in [(path, place) for path, place, _, _ in read(outer)]


def test_a_damaged_message_is_a_gap_and_the_others_are_read():
    store = bytearray(pst(Folder(name="Top", messages=[Message(properties={0x1000: f"guest{n}@example.org"}) for n in range(20)])))
    at = store.index("guest7@example.org".encode("utf-16-le"))
    store[at - 40 : at] = bytes(40)  # the heap around one message
    found, said = texts(bytes(store)), gaps(bytes(store))
    assert {f"guest{n}@example.org" for n in range(20) if n != 7} <= set(found)
    assert "guest7@example.org" in found or any("are damaged" in reason for reason in said)


def test_a_store_that_is_cut_off_is_a_gap():
    store = pst(Folder(name="Top", messages=[ROOM]))
    for size in (300, 600, len(store) // 2, len(store) - 600):
        assert gaps(store[:size], "a.pst") != [], size

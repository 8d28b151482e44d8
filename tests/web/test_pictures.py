"""Pictures of a statement: looked into, encrypted, signed by two, signed inside; and what the public page says of a file."""

import io
from dataclasses import replace

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from amanat import notify
from amanat.web.notify import outlets_actions as actions
from amanat.web.notify import outlets_queries as queries
from amanat.web.notify import pictures
from amanat.web.notify.outlets_models import ArtefactRow, OutletRow, PictureRow
from amanat.web.notify.queries import company_of
from amanat.web.public import files, strangers
from amanat.web.public.models import FakeReport, StrangeSign
from amanat.web.respond import journal, signing

from ..notify.outlet_world import notice
from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_outlets import release, sign, staff, told  # noqa: F401
from .test_public import door  # noqa: F401

pytestmark = pytest.mark.django_db
SHOWS = {"en": "A plan of the hotels", "fr": "Un plan des hôtels", "fa": "نقشهٔ هتل‌ها"}
ONLY = ["press_release", "x", "call_script"]


def a_picture(kind="PNG", **given):
    out = io.BytesIO()
    Image.effect_noise((48, 32), 90).convert("RGB").save(out, kind, **given)
    return out.getvalue()


def attach(one, content=None, name="Plan of the hotels.png", shows=SHOWS, by="Alice"):
    return pictures.attach(one, content or a_picture(), name=name, shows=shows, by=staff(by), now=timezone.now())


def went_out(one, content=None):
    """A picture that two people signed and released, as everybody has it."""
    attach(one, content)
    release(one, ONLY)
    return ArtefactRow.objects.get(name="plan-of-the-hotels.png", outlet__outlet="press_release")


def ask(door, content, name="copy.png"):  # noqa: F811
    caches["pages"].clear()
    answer = door.post("/en/verify/file/", {"file": SimpleUploadedFile(name, content)}, headers={"accept": "application/json"})
    return answer.json()


def page(door, content, language="en"):  # noqa: F811
    return door.post(f"/{language}/verify/file/", {"file": SimpleUploadedFile("copy.png", content)}).content.decode()


def test_a_picture_waits_encrypted_and_goes_out_signed_inside_on_two_people_s_word(told):  # noqa: F811
    plain = a_picture()
    row = attach(told, plain)
    assert plain[:60] not in bytes(row.secret) and b"plan" not in bytes(row.secret).lower()

    release(told, ONLY)
    made = ArtefactRow.objects.get(name="plan-of-the-hotels.png", outlet__outlet="x")
    found = notify.credentials_of(bytes(made.content), "image/png", signing.published_certificates())
    assert (found.state, found.is_house_key, found.signer) == ("trusted", True, company_of(told).name)
    assert made.shows == SHOWS
    assert not PictureRow.objects.exists()
    [line] = [one for one in journal.entries(told.pk) if one["act"] == "statement.released"]
    assert [pair[1] for pair in line["what"]["pictures"]] == [made.content_hash]
    press = ArtefactRow.objects.get(name="press-release.en.html")
    assert "A plan of the hotels" in bytes(press.content).decode()
    assert not ArtefactRow.objects.filter(outlet__outlet="call_script", media_type="image/png").exists()


def test_a_picture_attached_or_taken_off_voids_the_first_signature(told):  # noqa: F811
    row = sign(told, ONLY)
    picture = attach(told)
    with pytest.raises(actions.NotNow, match="changed"):
        actions.release(told, row.pk, by=staff("Bob"), now=timezone.now())
    row = sign(told, ONLY)
    pictures.remove(told, picture.pk, by=staff("Alice"), now=timezone.now())
    with pytest.raises(actions.NotNow, match="changed"):
        actions.release(told, row.pk, by=staff("Bob"), now=timezone.now())


def test_whoever_attached_a_picture_does_not_release_it(told):  # noqa: F811
    attach(told, by="Bob")
    row = sign(told, ONLY)
    with pytest.raises(actions.NotNow, match="same"):
        actions.release(told, row.pk, by=staff("Bob"), now=timezone.now())


def test_where_the_library_is_missing_pictures_go_out_as_they_are(told, monkeypatch):  # noqa: F811
    def missing(*_given, **_more):
        raise notify.NotSigned("no_writer")

    plain = a_picture()
    attach(told, plain)
    monkeypatch.setattr(notify, "sign_picture", missing)
    release(told, ONLY)
    assert bytes(ArtefactRow.objects.get(name="plan-of-the-hotels.png", outlet__outlet="x").content) == plain


@pytest.mark.parametrize(
    ("given", "why"),
    [({"content": b"GIF89a"}, "unreadable"), ({"shows": SHOWS | {"fa": " "}}, "undescribed"), ({"content": b"x" * 4_000_000}, "unreadable")],
)
def test_what_is_not_attached_leaves_nothing_behind(told, given, why):  # noqa: F811
    with pytest.raises(pictures.NotTaken, match=why):
        attach(told, **given)
    assert not PictureRow.objects.exists()


def test_a_picture_that_says_where_it_was_taken_is_turned_away_in_words(told, fresh):  # noqa: F811
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    given = {"picture": SimpleUploadedFile("a.jpg", a_picture("JPEG", exif=exif))} | {f"shows_{language}": text for language, text in SHOWS.items()}
    answer = fresh("Alice").post(reverse("attach_picture", args=[told.pk]), given, follow=True)
    assert "It says where, when or with what it was taken." in answer.content.decode()


def test_staff_see_what_waits_and_no_stranger_does(told, fresh, staff_of):  # noqa: F811
    staff_of("eve")
    given = {"picture": SimpleUploadedFile("Très grand plan.png", a_picture())} | {f"shows_{language}": text for language, text in SHOWS.items()}
    answer = fresh("Alice").post(reverse("attach_picture", args=[told.pk]), given, follow=True).content.decode()
    assert "tres-grand-plan.png" in answer and "نقشهٔ هتل‌ها" in answer and 'alt="A plan of the hotels"' in answer
    address = reverse("picture_file", args=[told.pk, PictureRow.objects.get().pk])
    shown = fresh("Bob").get(address)
    assert (shown["Content-Type"], shown["Cache-Control"], "sandbox" in shown["Content-Security-Policy"]) == ("image/png", "no-store", True)
    assert fresh("Eve").get(address).status_code == 404


# ---- the public page ----


def test_a_file_is_ours_unchanged_changed_withdrawn_or_unknown(told, door):  # noqa: F811
    row = went_out(told)
    ours = bytes(row.content)
    answer = ask(door, ours)
    assert (answer["state"], answer["name"], answer["title"]) == ("true", "plan-of-the-hotels.png", row.outlet.title)
    assert "Yes, this file is from us, and unchanged." in page(door, ours)

    changed = ours[:-30] + bytes([ours[-30] ^ 1]) + ours[-29:]
    assert ask(door, changed)["state"] == "changed"
    strangers.FILES_A_MINUTE, most = 100, strangers.FILES_A_MINUTE
    try:
        assert ask(door, a_picture())["state"] == "unknown"
        assert ask(door, b"\x89PNG\r\n\x1a\n" + b"\xff" * 300)["state"] == "unreadable"
        assert ask(door, b"")["state"] == "unreadable"
        assert ask(door, b"%PDF-1.7 of somebody")["state"] == "unknown"
        for outlet in OutletRow.objects.all():
            actions.withdraw(told, outlet.pk, why="a mistake", by=staff("Alice"), now=timezone.now())
        assert ask(door, ours)["state"] == "withdrawn"
    finally:
        strangers.FILES_A_MINUTE = most


def test_a_picture_of_ours_that_stands_on_no_list_any_more_is_known_by_its_seal(told, door):  # noqa: F811
    ours = bytes(went_out(told).content)
    ArtefactRow.objects.all().delete()
    assert ask(door, ours)["state"] == "sealed"
    signing.rotate(now=timezone.now(), is_revoked=True)
    assert ask(door, ours)["state"] == "unknown"


def test_a_text_with_our_words_and_other_bytes_is_said_to_be_that(told, door):  # noqa: F811
    release(told, ONLY)
    text = bytes(ArtefactRow.objects.get(name="x.en.txt").content)
    assert ask(door, text)["state"] == "true"
    assert ask(door, text.replace(b"\n", b"\r\n"))["state"] == "same_words"


def test_nothing_of_a_checked_file_is_kept_but_the_fingerprint_of_one_that_is_not_ours(told, door):  # noqa: F811
    row = went_out(told)
    ask(door, bytes(row.content))
    assert not StrangeSign.objects.exists()
    shown = page(door, a_picture())
    assert StrangeSign.objects.get().sort == "file"
    assert "SHA-256 " in shown and not FakeReport.objects.exists()


def test_files_are_checked_so_often_and_so_large_and_no_more(told, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(strangers, "FILES_A_MINUTE", 2)
    assert [door.post("/en/verify/file/", {}).status_code for _n in range(3)] == [400, 400, 429]
    monkeypatch.setattr(strangers, "FILES_A_MINUTE", 99)
    answer = door.post("/en/verify/file/", {"file": SimpleUploadedFile("a.png", bytes((4 << 20) + 1))})
    assert (answer.status_code, "larger than we take" in answer.content.decode()) == (413, True)


def test_a_picture_is_opened_only_when_there_is_room(told, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(files, "WAIT_SECONDS", 0)
    held = [files._opening.acquire(timeout=1) for _n in range(files.AT_ONCE)]
    try:
        answer = door.post("/en/verify/file/", {"file": SimpleUploadedFile("a.png", a_picture())})
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    finally:
        for _one in held:
            files._opening.release()


def test_what_was_released_is_there_to_be_fetched_and_the_sheet_for_our_own_agents_is_not(told, door):  # noqa: F811
    row = went_out(told)
    shown = door.get("/fa/verify/released/").content.decode()
    assert shown.count("plan-of-the-hotels.png") == 2 and "نقشهٔ هتل‌ها" in shown  # once in the address, once to be read
    assert "press-release.fa.pdf" in shown and "call-script" not in shown and "call_script" not in shown
    got = door.get(f"/en/verify/released/{row.content_hash}/plan-of-the-hotels.png")
    assert (got.content, got["Content-Type"], "sandbox" in got["Content-Security-Policy"]) == (bytes(row.content), "image/png", True)
    inside = ArtefactRow.objects.filter(outlet__outlet="call_script").first()
    assert door.get(f"/en/verify/released/{inside.content_hash}/{inside.name}").status_code == 404
    assert door.get("/en/verify/pictures.pem").content.startswith(b"-----BEGIN CERTIFICATE-----")
    actions.withdraw(told, row.outlet_id, why="a mistake", by=staff("Alice"), now=timezone.now())
    other = ArtefactRow.objects.get(name=row.name, outlet__outlet="x")
    assert other.content_hash == row.content_hash
    actions.withdraw(told, other.outlet_id, why="a mistake", by=staff("Alice"), now=timezone.now())
    assert door.get(f"/en/verify/released/{row.content_hash}/plan-of-the-hotels.png").status_code == 404


def test_pictures_of_the_folder_go_out_beside_those_that_were_attached(told):  # noqa: F811
    source = queries.source(told, queries.texts(told, now=timezone.now()))
    assert source.pictures == ()
    attach(told)
    source = queries.source(told, queries.texts(told, now=timezone.now()))
    assert [one.name for one in source.pictures] == ["plan-of-the-hotels.png"]
    assert replace(source, pictures=()).pictures == () and notice("en")

"""The command on messages: raw, forwarded, hostile."""

import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from amanat.detect.mail import Ours
from amanat.detect.verdict import judge

AMANAT = Path(sys.executable).parent / "amanat"
US = ["--domain", "karvan.example", "--name", "Karvan Hotels", "--authserv", "mx.karvan.example"]

PHISH = (
    "From: Karvan Hotels <no-reply@karvan-secure.example>\nTo: sara@example.org\nSubject: Your booking will be cancelled\n"
    "Date: Fri, 13 Nov 2026 09:00:00 +0100\nMessage-ID: <1@x.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    '<p>Please verify your payment details within 24 hours:</p><a href="http://203.0.113.9/pay">https://www.karvan.example/pay</a>\n'
)
LETTER = (
    "From: Sara <sara@example.org>\nTo: desk@karvan.example\nSubject: Monday\nDate: Fri, 13 Nov 2026 09:00:00 +0100\n"
    "Message-ID: <2@example.org>\n\nDear Omid, thank you for the talk yesterday.\n"
    "I have put the numbers into the table and will see you on Monday at ten.\n"
)


def judged(*arguments, code=0):
    done = subprocess.run([AMANAT, "detect", "mail", *arguments, "--format", "json"], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_borrowed_name_and_a_letter_are_told_apart(tmp_path):
    keys = judged(write(tmp_path, "a.eml", PHISH), write(tmp_path, "b.eml", LETTER), *US)
    first, second = keys["messages"]
    assert (first["path"], first["verdict"]) == ("a.eml", "impersonates_us") and first["probability"] >= 0.97
    assert first["evidence"][0]["sentence"] == "A link shows www.karvan.example, but leads to 203.0.113.9."
    assert second["verdict"] == "clean" and second["probability"] <= 0.2
    assert [a["kind"] for a in keys["alerts"]] == ["disinformation"]


@pytest.mark.parametrize("way", ["attached", "inline-en", "inline-fr", "inline-fa"])
def test_a_forwarded_message_is_judged_instead_of_the_one_around_it(tmp_path, way):
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "Omid <omid@karvan.example>", "abuse@karvan.example", "Fwd: strange"
    outer["Authentication-Results"] = "mx.karvan.example; spf=pass smtp.mailfrom=karvan.example; dmarc=pass header.from=karvan.example"
    body = "Please verify your payment details: http://203.0.113.9/pay"
    heads = {
        "inline-en": "---------- Forwarded message ---------\nFrom: Karvan Hotels <no-reply@karvan-secure.example>\nDate: Friday\nSubject: Booking",
        "inline-fr": "-------- Message transféré --------\nDe : Karvan Hotels <no-reply@karvan-secure.example>\nObjet : Booking",
        "inline-fa": "---------- پیام هدایت‌شده ----------\nاز: Karvan Hotels <no-reply@karvan-secure.example>\nموضوع: Booking",
    }
    if way == "attached":
        from email import message_from_string, policy

        outer.set_content("What is this?")
        outer.add_attachment(message_from_string(PHISH, policy=policy.default))
    else:
        outer.set_content(f"What is this?\n\n{heads[way]}\n\n{body}\n")
    (one,) = judged(write(tmp_path, "f.eml", outer.as_bytes()), *US)["messages"]
    assert one["way"] == way.split("-")[0]
    assert one["verdict"] == "impersonates_us"
    # What our server found out about the colleague who forwarded it says nothing about the message inside.
    assert not any(e["signal"] == "dmarc_failed" for e in one["evidence"])


def test_a_mailbox_is_judged_message_by_message(tmp_path):
    box = "".join(f"From x@example.org Fri Nov 13 09:00:00 2026\n{text}\n" for text in (PHISH, LETTER, PHISH))
    keys = judged("--mbox", write(tmp_path, "box", box), *US)
    assert [(m["message"], m["verdict"]) for m in keys["messages"]] == [(1, "impersonates_us"), (2, "clean"), (3, "impersonates_us")]


def test_what_cannot_be_read_gets_cannot_say_and_is_counted(tmp_path):
    many = LETTER.replace("\n\n", '\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n', 1) + "--b\n\nx\n" * 10_000 + "--b--\n"
    nested = (
        LETTER.replace("\n\n", '\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n', 1)
        + 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 3000
    )
    files = [
        write(tmp_path, "none.eml", b"\x00\xff\xfe\x01" * 50),
        write(tmp_path, "empty.eml", b""),
        write(tmp_path, "nested.eml", nested),
        write(tmp_path, "charset.eml", LETTER.replace("\n\n", "\nContent-Type: text/plain; charset=klingon-8\n\n", 1)),
        write(tmp_path, "parts.eml", many),
    ]
    keys = judged(*files, *US)
    verdicts = {m["path"]: m for m in keys["messages"]}
    assert len(verdicts) == 5
    assert verdicts["none.eml"]["verdict"] == verdicts["empty.eml"]["verdict"] == "cannot_say"
    assert verdicts["charset.eml"]["verdict"] == "clean"  # the charset is wrong, the words are not
    assert verdicts["parts.eml"]["verdict"] == "cannot_say" and "more than 500 parts" in verdicts["parts.eml"]["gaps"][0]
    assert verdicts["nested.eml"]["verdict"] in ("cannot_say", "phishing")
    assert keys["could_not_say"] == sum(m["verdict"] == "cannot_say" for m in keys["messages"])


def test_a_path_that_is_not_there_is_said(tmp_path):
    done = subprocess.run([AMANAT, "detect", "mail", tmp_path / "no.eml"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "there is no such file" in done.stderr


def test_a_message_that_ends_its_reader_is_counted_and_the_rest_is_judged(tmp_path, monkeypatch):
    extra = tmp_path / "extra/detect/signals"
    extra.mkdir(parents=True)
    (extra / "crash.py").write_text(
        "import os\nfrom amanat.detect.signal import Signal, a_mail\nS='x'\n"
        "from amanat.detect.signal import Sign\n"
        "def look(mail, ours):\n    if mail.subject == 'die': os.abort()\n    if mail.subject == 'say': yield Sign('weak', S)\n"
        "SIGNAL = Signal(look=look, sentences=(S,), source='https://example.org', examples=(a_mail(subject='say'),), not_examples=(a_mail(),))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    die = LETTER.replace("Subject: Monday", "Subject: die")
    box = "".join(f"From x@example.org Fri Nov 13 09:00:00 2026\n{text}\n" for text in (LETTER, die, LETTER))
    keys = judged(write(tmp_path, "a.eml", die), write(tmp_path, "b.eml", LETTER), "--mbox", write(tmp_path, "box", box), *US)
    assert [(m["path"], m["message"], m["verdict"]) for m in keys["messages"]] == [
        ("a.eml", 1, "cannot_say"),
        ("b.eml", 1, "clean"),
        ("box", 1, "clean"),
        ("box", 2, "cannot_say"),
        ("box", 3, "clean"),
    ]


def test_a_mailbox_without_a_message_is_said_and_the_others_are_judged(tmp_path, capsys):
    from amanat.detect.__main__ import VERB

    (tmp_path / "empty.mbox").touch()
    (tmp_path / "one.mbox").write_text("From a@example.org Mon Jan  5 00:00:00 2026\nFrom: a@example.org\nSubject: x\n\nhello\n")
    assert VERB.main(["mail", "--mbox", str(tmp_path / "empty.mbox"), "--mbox", str(tmp_path / "one.mbox"), "--format", "json"]) == 0
    found = {one["path"]: one["verdict"] for one in json.loads(capsys.readouterr().out)["messages"]}
    assert found["empty.mbox"] == "cannot_say" and set(found) == {"empty.mbox", "one.mbox"}


@pytest.mark.parametrize("command", ["mail", "logs"])
def test_a_folder_is_not_called_missing(tmp_path, capsys, command):
    from amanat.detect.__main__ import VERB

    assert VERB.main([command, str(tmp_path)]) == 2
    assert f"{tmp_path}: is a folder; name the" in capsys.readouterr().err


HEAD = "From: Sara <sara@example.org>\nTo: desk@karvan.example\nSubject: Hello\nMIME-Version: 1.0\n"
WORDS = "Dear Omid, the report of the meeting is ready, I will send it to you tomorrow morning with the numbers."


def a_text(content, charset):
    said = f"Content-Type: text/plain; charset={charset}\n" if charset else "Content-Type: text/plain\n"
    return (HEAD + said + "Content-Transfer-Encoding: 8bit\n\n").encode() + content


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (WORDS.encode("utf-16-le"), "x-nobody-knows"),  # decoded all the same, with a NUL after every letter
        (WORDS.encode("cp037"), "x-nobody-knows"),  # EBCDIC
        ("\u0633\u0644\u0627\u0645 \u0633\u0627\u0631\u0627".encode("cp1256"), ""),  # Arabic letters, and no word of which
        (b"+BkYGQQZF- +BjMGRAY+BkYGQQZF-+BkYGQQZF- +BkYGQQZF-", "x-utf-7-of-ours"),
        (b"caf\xe9 " + WORDS.encode(), "utf-8"),  # said to be UTF-8, and is not
    ],
)
def test_a_text_whose_letters_could_not_be_told_is_never_called_clean(content, charset):
    verdict = judge(a_text(content, charset), Ours())

    assert verdict.verdict == "cannot_say"
    assert verdict.gaps == ("Its text is written in a way that could not be told, so it was not understood.",)


@pytest.mark.parametrize(
    ("content", "charset"),
    [(WORDS.encode(), "unknown-8bit"), (("Zo\u00eb: " + WORDS).encode(), "utf8mb4"), (("Zo\u00eb: " + WORDS).encode("cp1252"), "")],
)
def test_a_wrong_name_for_letters_that_can_be_read_hides_nothing(content, charset):
    assert judge(a_text(content, charset), Ours()).gaps == ()


def test_what_has_no_head_and_what_has_nothing_below_it_are_told_apart():
    def said(raw):
        return [e.says for e in judge(raw, Ours()).evidence if e.signal == "reading"]

    assert said(b"no head at all\n") == ["It has no head, as every message has; it may be no message, or a part of one."]
    assert said(b"From: a@example.org\nTo: b@example.org\n\n") == [
        "It has a head, and nothing below it that could be read: no subject, no text and no file."
    ]

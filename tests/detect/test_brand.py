"""Domains that imitate ours: in lists, zone files and certificate logs, and those that could still be registered."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.detect.brand import candidates, find
from amanat.detect.domains import lookalike

AMANAT = Path(sys.executable).parent / "amanat"


def found_in(folder, text, *ours):
    path = folder / "names.txt"
    path.write_text(text, encoding="utf-8")
    return [(one.domain, one.how, one.line) for one in find([path], ours or ("karvan.example",))[0]]


def test_each_way_to_imitate_is_found_and_honest_names_are_not(tmp_path):
    names = "kаrvan.example\nkarvan.com\nkarvam.example\nkarvan-refund.example\nwww.karvan.example\ncaravan.example\nhotel.example\n"
    assert found_in(tmp_path, names) == [
        ("xn--krvan-4ve.example", "same", 1),
        ("karvan.com", "ending", 2),
        ("karvam.example", "near", 3),
        ("karvan-refund.example", "part", 4),
    ]


def test_a_zone_file_and_certificate_logs_are_read(tmp_path):
    zone = "; zone of example\n$TTL 3600\nkarvam.example.\t3600\tin\tns\tns1.hosting.example.\n"
    logs = json.dumps({"name_value": "karvam.example\n*.karvan-login.example"}) + "\n"
    logs += json.dumps({"data": {"leaf_cert": {"all_domains": ["karvn.example", "shop.example"]}}}) + "\n"

    assert found_in(tmp_path, zone) == [("karvam.example", "near", 3)]
    assert found_in(tmp_path, logs) == [("karvam.example", "near", 1), ("karvn.example", "near", 2), ("karvan-login.example", "part", 1)]


def test_lines_without_a_domain_are_counted(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(b"\xff\xfe\x00\nno domain here\nkarvam.example\n{broken json\n")
    found, n_domains, n_other = find([path], ("karvan.example",))

    assert ([one.domain for one in found], n_domains, n_other) == (["karvam.example"], 1, 3)


def test_whatever_of_ours_could_be_registered_is_found_once_it_is():
    made = candidates("karvan.example")

    assert len(made) > 50
    assert [host for host in made if lookalike(host, ("karvan.example",)) is None] == []


@given(st.from_regex(r"[a-z][a-z0-9-]{0,61}[a-z0-9]", fullmatch=True))
def test_what_could_be_registered_are_names_that_the_dns_takes_and_never_our_own(label):
    made = candidates(f"{label}.example")

    assert f"{label}.example" not in made
    assert all(host.isascii() and 0 < len(part) <= 63 for host in made for part in host.split("."))


@pytest.mark.parametrize("arguments", [[], ["--candidates"]])
def test_without_a_list_or_without_a_domain_of_ours_there_is_a_sentence(arguments):
    done = subprocess.run([AMANAT, "detect", "brand", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.startswith("amanat: name ")


def test_the_command_lists_both_as_json(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("karvam.example\n")
    done = subprocess.run(
        [AMANAT, "detect", "brand", path, "--domain", "karvan.example", "--candidates", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    keys = json.loads(done.stdout)
    assert [one["domain"] for one in keys["found"]] == ["karvam.example"]
    assert {"domain": "karvan.com", "how": "other ending"} in keys["candidates"]

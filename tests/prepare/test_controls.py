"""Are we ready? Unknown is never a pass, bad input gets a sentence, and what we see counts more than what we are told."""

import json
import os
import re
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import prepare, wording
from amanat.lib.errors import Fixable
from amanat.prepare import look_up
from amanat.prepare.__main__ import VERB
from amanat.prepare.control import STATES, controls
from amanat.prepare.sheet import Entry, Sheet
from amanat.prepare.standing import standings
from amanat.prepare.world import Answer, FixedDns, Plan, World, a_company

NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
TODAY = NOW.date()


def standing_of(name, world=None, **entries):
    found = {one.name: one for one in standings(world or World(now=NOW), Sheet(control=entries))}
    return found[name]


def a_word(state="in place", owner="IT", evidence="Report", on=date(2026, 10, 1)):
    return Entry(state=state, owner=owner, evidence=evidence, on=on)


def test_every_example_comes_out_as_its_file_says():
    n, misses = prepare.check_controls()
    assert n > 50 and misses == ()


def test_every_control_speaks_the_languages_we_write_in_and_cites_who_asks_for_it():
    assert len(controls()) >= 20
    for name, control in controls().items():
        assert set(control.words) == set(wording.languages()), name
        for words in control.words.values():
            assert words.title and words.why and words.next_step, name
        assert all(re.match(r"https://", source.url) for source in control.sources), name
        for texts in control.says.values():
            assert set(texts) == set(wording.languages()), name
            assert len({tuple(sorted(re.findall(r"%\((\w+)\)s", text))) for text in texts.values()}) == 1, name
        if control.look:
            # Every look can fail: an example shows what it says then.
            assert len({example.states for example in control.examples}) >= 3, name


def test_what_nobody_speaks_of_is_unknown_and_does_not_pass():
    found = standing_of("patching")
    assert (found.state, found.is_passed) == ("unknown", False)


def test_a_statement_with_owner_evidence_and_a_recent_day_counts():
    found = standing_of("patching", patching=a_word())
    assert (found.state, found.is_passed, found.owner) == ("in place", True, "IT")


@pytest.mark.parametrize("lack", [{"owner": ""}, {"evidence": ""}, {"on": None}])
def test_in_place_without_owner_evidence_or_day_counts_as_unknown(lack):
    assert standing_of("firewall", firewall=a_word(**lack)).state == "unknown"


def test_an_old_statement_counts_as_unknown_and_says_how_old():
    # patching may be 180 days old; 17 May 2026 is 180 days before 13 November 2026
    assert standing_of("patching", patching=a_word(on=date(2026, 5, 17))).state == "in place"
    found = standing_of("patching", patching=a_word(on=date(2026, 5, 16)))
    assert (found.state, found.is_stale) == ("unknown", True)
    assert found.reasons[0].sentences["en"].startswith("Last looked at 181 days ago")


def test_what_we_see_counts_more_than_what_we_are_told():
    world = World(now=NOW, company=a_company(), dns=FixedDns({"karvan.example": ("v=spf1 -all",)}))
    assert standing_of("dmarc", world, dmarc=a_word()).state == "missing"


def test_one_domain_without_a_policy_is_enough():
    dns = FixedDns({"a.example": (), "_dmarc.a.example": ("v=DMARC1; p=reject",), "b.example": ()})
    world = World(now=NOW, company=a_company(domains=("a.example", "b.example")), dns=dns)
    found = standing_of("dmarc", world)
    assert (found.state, [r.state for r in found.reasons]) == ("missing", ["missing", "in place"])


def test_a_subdomain_follows_the_policy_above_it_for_subdomains():
    dns = FixedDns({"shop.a.example": (), "_dmarc.a.example": ("v=DMARC1; p=reject; sp=none",)})
    assert standing_of("dmarc", World(now=NOW, company=a_company(domains=("shop.a.example",)), dns=dns)).state == "partly"


def test_a_domain_that_does_not_resolve_and_a_dns_that_is_silent_are_unknown_even_when_staff_say_in_place():
    nowhere = World(now=NOW, company=a_company(), dns=FixedDns({}))

    class Silent:
        def txt(self, name):
            return Answer("failed", why="timed out")

        exists = txt

    for world in (nowhere, World(now=NOW, company=a_company(), dns=Silent()), World(now=NOW, company=a_company())):
        for name in ("dmarc", "spf"):
            found = standing_of(name, world, **{name: a_word()})
            assert found.state == "unknown" and found.reasons[0].sentences["en"], name


def test_accounts_of_amanat_alone_do_not_say_that_the_whole_company_has_a_second_factor(tmp_path):
    found = {s.name: s for s in prepare.readiness(None, now=NOW, key_file=tmp_path / "none", is_online=False, staff=(3, 0))}
    assert found["second_factor"].state == "unknown"
    sheet = Sheet(control={"second_factor": a_word()})
    found = {s.name: s for s in prepare.readiness(None, sheet, now=NOW, key_file=tmp_path / "none", is_online=False, staff=(3, 0))}
    assert found["second_factor"].state == "in place"


def test_a_key_file_that_others_may_read_is_missing_its_control(tmp_path):
    key = tmp_path / "master.key"
    key.write_text("00" * 32, encoding="ascii")
    for mode, state in ((0o600, "in place"), (0o640, "missing")):
        key.chmod(mode)
        found = {s.name: s.state for s in prepare.readiness(None, now=NOW, key_file=key, is_online=False)}
        assert found["master_key"] == state


def test_the_age_of_the_newest_backup_is_looked_at(tmp_path):
    (tmp_path / "old.dump").write_bytes(b"x")
    (tmp_path / "empty.dump").write_bytes(b"")
    old = (NOW - timedelta(days=9)).timestamp()
    os.utime(tmp_path / "old.dump", (old, old))
    own = look_up.own_files(key_file=tmp_path / "no", backup_folder=tmp_path)
    assert own.has_backup_folder and own.newest_backup_at == NOW - timedelta(days=9)
    own = look_up.own_files(key_file=tmp_path / "no", backup_folder=tmp_path / "nowhere")
    assert own.has_backup_folder is False and own.newest_backup_at is None


def test_common_mistakes_of_the_plan_of_the_practice_company_are_found(tmp_path):
    from amanat.prepare.practice_controls import write_controls

    write_controls(tmp_path, NOW)
    sheet = prepare.read_sheet(tmp_path / "controls.toml", today=TODAY)
    found = {s.name: s for s in standings(World(now=NOW, plan=sheet.plan), sheet)}

    assert found["out_of_band"].state == "missing"  # mail only
    assert found["restore_test"].state == "missing"  # never
    assert found["roles"].reasons[0].sentences["en"] == "The same person holds several of these roles: communication, incident lead."
    says = " ".join(r.sentences["en"] for r in found["contact_list"].reasons)
    assert "Not on the list: forensic experts." in says and "more than a year: police." in says and "mail only" in says and "insurer" in says
    assert found["password_policy"].is_stale and found["encryption_at_rest"].state == "unknown"
    assert found["least_privilege"].state == "missing" and found["firewall"].state == "in place"


def test_what_hurts_most_stands_first_and_what_is_in_place_last():
    found = standings(World(now=NOW), Sheet(control={"patching": a_word(), "awareness": a_word(state="missing")}))
    assert found[-1].name == "patching"
    hurts = [one.control.hurts for one in found[:-1]]
    assert hurts == sorted(hurts, reverse=True)


@given(
    st.sampled_from(sorted(controls())),
    st.sampled_from(STATES),
    st.sampled_from(["", "IT"]),
    st.sampled_from(["", "Report"]),
    st.one_of(st.none(), st.dates(date(2020, 1, 1), TODAY)),
)
def test_no_word_of_staff_makes_a_control_better_than_it_says(name, state, owner, evidence, on):
    found = standing_of(name, **{name: Entry(state=state, owner=owner, evidence=evidence, on=on)})
    if found.state == "in place":
        assert state == "in place" and owner and evidence and on
    assert found.state in STATES and found.reasons


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[control.patchin]\nstate = 'in place'\n", "controls.toml:1: there is no control 'patchin'; did you mean 'patching'?"),
        ("[control.patching]\nstate = 'inplace'\n", "did you mean 'in place'?"),
        ("[control.patching]\nstate = 'in place'\nowned = 'IT'\n", "controls.toml:3: unknown key 'owned' in control.patching; did you mean 'owner'?"),
        ("[control.patching]\nowner = 'IT'\n", "'state' is missing in control.patching"),
        ("[control.patching]\nstate = 'in place'\non = 2026-11-14\n", "control.patching.on is 2026-11-14, which is still to come"),
        ("[plan]\nrestore_tested_on = 2027-01-01\n", "plan.restore_tested_on is 2027-01-01, which is still to come"),
        ("[plan]\nout_of_band = ['pigeon']\n", "'pigeon'"),
        ("[control\n", "is not valid TOML"),
        ("[contrl.patching]\nstate = 'in place'\n", "did you mean 'control'?"),
    ],
)
def test_a_sheet_with_a_mistake_gets_a_sentence(tmp_path, text, says):
    path = tmp_path / "controls.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Fixable) as caught:
        prepare.read_sheet(path, today=TODAY)
    assert says in str(caught.value)


def test_the_command_fails_while_a_must_have_is_missing_or_unknown(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("AMANAT_DATA", str(tmp_path / "data"))
    assert VERB.main(["controls", "--offline", "--format", "json"]) == 1
    keys = json.loads(capsys.readouterr().out)
    assert set(keys) == set(VERB.commands["controls"].json_keys)
    assert "patching" in keys["not_passed"] and keys["counts"]["in_place"] == 0
    assert all(one["reasons"] and one["sources"] for one in keys["controls"])


def test_the_command_passes_when_every_must_have_is_in_place(monkeypatch, tmp_path, capsys):
    found = standings(World(now=NOW), Sheet())
    monkeypatch.setattr(prepare, "readiness", lambda *given, **named: [s for s in found if not s.control.is_must])
    assert VERB.main(["controls", "--offline"]) == 0
    assert "Unknown is not no, and no pass." in capsys.readouterr().out


def test_a_host_that_nobody_answers_for_is_failed_and_not_refused():
    found = look_up.handshake("127.0.0.1", port=1)
    assert found.state == "failed" and found.why


def test_a_plan_is_unknown_until_somebody_enters_one():
    assert standing_of("response_plan").state == "unknown"
    assert standing_of("response_plan", World(now=NOW, plan=Plan())).state == "missing"


def test_every_party_and_way_of_a_plan_has_a_name_in_every_language():
    from typing import get_args

    from amanat.prepare.plan_words import WORDS
    from amanat.prepare.world import Party, Way

    assert set(WORDS) == {*get_args(Party), *get_args(Way)}
    assert all(set(words) == set(wording.languages()) for words in WORDS.values())


def test_persian_reasons_have_persian_digits_and_names():
    contact = ({"party": "police", "checked_on": date(2024, 1, 1), "reached_by": ["phone"]},)
    sheet = prepare.sheet_of({"plan": {"contact": list(contact), "restore_tested_on": date(2025, 1, 1)}}, where="controls.toml", today=TODAY)
    found = {s.name: s for s in standings(World(now=NOW, plan=sheet.plan), sheet)}
    assert "پلیس" in " ".join(r.sentences["fa"] for r in found["contact_list"].reasons)
    assert "۶۸۱" in found["restore_test"].reasons[0].sentences["fa"]  # 365 days to 1 January 2026, and 316 to 13 November

"""Kinds keep their bit for ever, because masks are counted with them."""

from amanat.terms.kinds import FAMILIES, KINDS, kinds_of, mask_of


def test_each_kind_keeps_its_bit():
    assert mask_of(["name"]) == 1
    assert mask_of(["email"]) == 2
    assert mask_of(["service"]) == 1 << 16
    assert mask_of(["loyalty_id"]) == 1 << 49
    assert mask_of(["vehicle"]) == 1 << 51
    assert mask_of(["nationality"]) == 1 << 55


def test_masks_and_kinds_agree():
    assert all(kinds_of(mask_of([kind])) == (kind,) for kind in KINDS)
    assert kinds_of(mask_of(KINDS)) == tuple(KINDS)


def test_every_kind_has_a_family_and_words():
    assert all(kind.family in FAMILIES and kind.says for kind in KINDS.values())

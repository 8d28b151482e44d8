from amanat import assess


def test_every_law_holds_its_own_examples():
    n_compared, misses = assess.check_laws()

    assert misses == ()
    assert n_compared > 130

"""The order of the whole suite: what takes long begins first, so that no process is left alone with it at the end."""

COMPILES = "test_hotel.py"  # the first to scan compiles the scan, and whoever scans beside it waits: until then the others open browsers
LONG = {"test_forms_fuzzed.py", "test_killed.py", "test_scan.py", "test_report.py", "test_assess_attacked.py", "test_introduced.py", "test_read.py"}


def pytest_collection_modifyitems(items):
    items.sort(key=_turn)


def _turn(item):
    if item.path.name == COMPILES:
        return 0
    if item.get_closest_marker("browser"):
        return 1
    return 2 if item.get_closest_marker("story") or item.path.name in LONG else 3

"""The order of the whole suite: what takes long begins first, so that no process is left alone with it at the end."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in ("story", "browser")))

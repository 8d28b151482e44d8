"""Vendored static files are the ones that were locked."""

import hashlib
import shutil

import pytest

from amanat.web import vendor


def test_every_file_is_what_the_lock_says():
    vendor.check()  # raises for the first that is not

    locked = {asset.file: asset.sha256 for asset in vendor.assets()}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.FOLDER.iterdir() if path != vendor.LOCK}
    assert there == locked


def test_every_file_has_a_version_and_a_licence():
    for asset in vendor.assets():
        assert asset.version and asset.licence in {"MIT", "Apache-2.0", "0BSD", "OFL-1.1"}, asset.file


def test_a_changed_missing_or_unknown_file_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "vendor"
    shutil.copytree(vendor.FOLDER, folder)
    monkeypatch.setattr(vendor, "FOLDER", folder)

    (folder / "extra.js").write_text("x")
    with pytest.raises(vendor.ChangedAsset, match=r"extra\.js: is not in LOCK\.toml"):
        vendor.check()
    (folder / "htmx.min.js").write_text("x")
    with pytest.raises(vendor.ChangedAsset, match=r"htmx\.min\.js: is not htmx\.org"):
        vendor.check()
    (folder / "htmx.min.js").unlink()
    with pytest.raises(vendor.ChangedAsset, match=r"htmx\.min\.js: is missing"):
        vendor.check()

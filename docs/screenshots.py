"""Takes the pictures of the README from the running demonstration: `./run demo` in one window, this in another.

Usage: python docs/screenshots.py [--data FOLDER] [--staff http://127.0.0.1:8470] [--all FOLDER]

`--all` takes every staff and public page in English, French and Persian instead, to be looked at.
"""

import argparse
import base64
import json
import time
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, sync_playwright

from amanat.lib import settings
from amanat.web.demo import STAFF

PICTURES = {"clock-wall": "duties/", "approve-and-send": "approve/"}
PAGES = {
    "incident": "",
    "affected": "affected/",
    "duties": "duties/",
    "notices": "notices/",
    "approve": "approve/",
    "sending": "sending/",
    "reach": "reach/",
    "measures": "measures/",
    "journal": "journal/",
}


def log_in(page: Page, door: str, log_in: dict[str, str], email: str) -> None:
    """Password and second factor, as a member of staff types them."""
    page.goto(door)
    page.fill("[name=login]", email)
    page.fill("[name=password]", log_in["password"])
    page.click("form.stack [type=submit]")
    secret = base64.b32decode(log_in["totp"] + "=" * (-len(log_in["totp"]) % 8))
    page.fill("[name=code]", TOTP(secret, 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode())  # noqa: S303
    page.click("form:has([name=code]) [type=submit]")
    page.wait_for_load_state()


def incident_address(page: Page, door: str) -> str:
    """The address of the first incident in the list."""
    page.goto(door)
    link = page.locator("a[href*='/incidents/']").first.get_attribute("href") or ""
    return f"{door}/incidents/{link.split('/incidents/')[1].split('/')[0]}/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=settings.data_folder())
    parser.add_argument("--staff", default="http://127.0.0.1:8470")
    parser.add_argument("--public", default="http://127.0.0.1:8471")
    parser.add_argument("--all", type=Path)
    given = parser.parse_args()
    logins = json.loads((given.data / "demo.logins").read_text())
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        _key, _name, email, *_rest = STAFF[1]
        log_in(page, given.staff, logins["approver"], email)
        home = incident_address(page, given.staff)
        if given.all is None:
            page.locator("form.languages [value=en]").first.click()
            page.wait_for_load_state()
            for name, path in PICTURES.items():
                page.goto(home + path)
                page.wait_for_timeout(700)
                page.screenshot(path=Path(__file__).parent / "images" / f"{name}.png")
            return
        given.all.mkdir(parents=True, exist_ok=True)
        for language in ("en", "fr", "fa"):
            page.goto(given.staff)
            page.locator(f"form.languages [value={language}]").first.click()
            page.wait_for_load_state()
            for name, path in PAGES.items():
                answer = page.goto(home + path)
                if answer is not None and answer.status == 200:
                    page.wait_for_timeout(500)
                    page.screenshot(path=given.all / f"{name}.{language}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()

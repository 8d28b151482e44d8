"""Takes the pictures of the README from the running demonstration: `./run demo` in one window, this in another, once all is prepared.

Usage: python docs/screenshots.py [--data FOLDER] [--staff URL] [--public URL] [--inbox URL] [--all FOLDER]

`--all` takes every staff page of both incidents, the public pages and my page in English, French and Persian instead, wide and narrow,
to be looked at.
"""

import argparse
import base64
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page, sync_playwright

from amanat.lib import settings
from amanat.web.demo import STAFF, TITLES

IMAGES = Path(__file__).parent / "images"
LANGUAGES = ("en", "fr", "fa")
# Pictures of the README: of which incident, and which page.
PICTURES = {"affected": ("live", "affected/"), "clock-wall": ("live", "duties/"), "approve-and-send": ("live", "approve/")}
PICTURES |= {"trust": ("lived", "measures/")}
# Every page of an incident, of the house and of the public door, and what is one click further: the first such link on a page.
OF_AN_INCIDENT = (
    *("", "affected/", "review/", "duties/", "notices/", "approve/", "sending/", "reach/", "care/", "care/offers/", "care/calls/"),
    *("duties/one/eu-gdpr.authority/", "duties/decided/", "questions/", "world/", "money/", "controllers/", "forms/", "forms/edpb/"),
    *("register/", "audit/"),
    *(
        "surge/",
        "promises/",
        "measures/",
        "alerts/",
        "updates/",
        "statements/",
        "journal/",
        "journal/?verify=1",
        "tasks/",
        "decisions/",
        "facts/awareness/",
    ),
)
OF_THE_HOUSE = (
    "/",
    "/deadlines/",
    "/declare/",
    "/alerts/",
    "/ready/",
    "/laws/?q=california",
    "/laws/changes/",
    "/account/calendar/",
    "/staff/",
    "/account/",
    "/account/second-factor/",
    "/account/factors/",
)
PUBLIC = ("/", "/promises/", "/verify/", "/verify/file/", "/verify/released/", "/bulletin/", "/learn/", "/my/")
OF_A_PERSON = ("", "harm/", "survey/")
ONE_CLICK_FURTHER = {"care/": "/care/cases/", "notices/": "/notices/", "affected/": "/affected/", "/alerts/": "/handed-in/", "/ready/": "/ready/"}
ONE_CLICK_FURTHER |= {"/learn/": "/learn/", "statements/": "/bulletin/"}
WIDTHS = (1280, 360)
OF_A_MESSAGE = re.compile(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=](?![\w-])")
ONE_TIME = re.compile(r"(?<![\w-])\d{3}-\d{3}-\d{3}(?![\w-])")


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


def address_of(page: Page, door: str, title: str) -> str:
    """Where the incident of this name has its pages."""
    page.goto(door)
    link = page.locator("a[href*='/incidents/']", has_text=title).first.get_attribute("href") or ""
    return f"{door}/incidents/{link.split('/incidents/')[1].split('/')[0]}/"


def speak(page: Page, door: str, language: str) -> None:
    """The staff pages in this language from now on."""
    page.goto(door)
    page.locator(f"form.languages [value={language}]").first.click()
    page.wait_for_load_state()


def mails(page: Page, inbox: str) -> Iterator[str]:
    """The texts of the newest mails, the newest first."""
    page.goto(inbox)
    paths = page.locator("td a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for path in paths:
        page.goto(inbox + path)
        yield page.locator("pre").first.inner_text()


def open_my_page(browser: Browser, public: str, inbox: str, language: str, *, width: int) -> Page:
    """The page of somebody who was told in this language, by the code of their message and the one-time code."""
    reader = browser.new_page()
    marks = {"en": " the ", "fr": " vous ", "fa": " شما "}
    code = next(found[0] for text in mails(reader, inbox) if marks[language] in text and (found := OF_A_MESSAGE.search(text)))
    page = browser.new_page(viewport={"width": width, "height": 860})
    page.goto(f"{public}/{language}/my/")
    page.fill("[name=code]", code)
    page.click("main form [type=submit]")
    page.wait_for_selector("[name=proof]")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        newest = next(mails(reader, inbox))
        if (found := ONE_TIME.search(newest)) and not OF_A_MESSAGE.search(newest):
            page.fill("[name=proof]", found[0])
            page.click("main form:has([name=proof]) [type=submit]")
            page.wait_for_load_state()
            if page.url.rstrip("/").endswith("/my/page"):
                return page
        time.sleep(1)
    raise SystemExit("the one-time code did not reach the inbox within a minute")


def shoot(page: Page, address: str, target: Path, *, is_whole: bool = False) -> None:
    answer = page.goto(address)
    if answer is not None and answer.status == 200:
        page.wait_for_timeout(600)
        page.screenshot(path=target, full_page=is_whole)
    else:
        sys.stderr.write(f"{address}: {answer.status if answer else 'no answer'}\n")


def take_pictures(browser: Browser, staff: dict[str, Page], given: argparse.Namespace) -> None:
    """The six of the README."""
    for page in staff.values():
        speak(page, given.staff, "en")
    shoot(staff["author"], f"{given.staff}/alerts/", IMAGES / "alerts.png")
    for name, (which, path) in PICTURES.items():
        shoot(staff["approver"], address_of(staff["approver"], given.staff, TITLES[which]) + path, IMAGES / f"{name}.png")
    mine = open_my_page(browser, given.public, given.inbox, "fa", width=1280)
    mine.screenshot(path=IMAGES / "my-page.png")


def take_all(browser: Browser, staff: dict[str, Page], given: argparse.Namespace) -> None:
    """Every page in every language and width; what scrolls sideways is named."""
    given.all.mkdir(parents=True, exist_ok=True)
    author, visitor = staff["author"], browser.new_page()
    for language in LANGUAGES:
        speak(author, given.staff, language)
        shoot_each(author, given.staff, OF_THE_HOUSE, given.all, f"house.{language}")
        for which, title in TITLES.items():
            shoot_each(author, address_of(author, given.staff, title), OF_AN_INCIDENT, given.all, f"{which}.{language}")
        shoot_each(visitor, f"{given.public}/{language}", PUBLIC, given.all, f"public.{language}")
        mine = open_my_page(browser, given.public, given.inbox, language, width=WIDTHS[0])
        shoot_each(mine, f"{mine.url.rstrip('/')}/", OF_A_PERSON, given.all, f"mine.{language}")


def shoot_each(page: Page, home: str, paths: tuple[str, ...], folder: Path, begins: str) -> None:
    """These pages below one address, and what is one click further."""
    for path in paths:
        shoot_wide_and_narrow(page, home + path, folder, f"{begins}.{_as_name(path)}")
        if further := ONE_CLICK_FURTHER.get(path):
            links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
            further = re.compile(re.escape(further) + r"[\w-]+/$")
            if link := next((link for link in links if further.search(link)), None):
                shoot_wide_and_narrow(page, link, folder, f"{begins}.{_as_name(path)}-one")


def shoot_wide_and_narrow(page: Page, address: str, folder: Path, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        shoot(page, address, folder / f"{name}.{width}.png", is_whole=True)
        if wider := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            sys.stderr.write(f"{address}: scrolls sideways by {wider} at {width}\n")


def _as_name(path: str) -> str:
    return re.sub(r"\W+", "-", path.strip("/")) or "home"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=settings.data_folder())
    for name in ("staff", "public", "inbox"):
        parser.add_argument(f"--{name}", default=f"http://{settings.get(f'AMANAT_{name.upper()}_HOST')}")
    parser.add_argument("--all", type=Path)
    given = parser.parse_args()
    logins = json.loads((given.data / "demo.logins").read_text())
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        staff = {}
        for key, _name, email, *_more in STAFF:
            staff[key] = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
            log_in(staff[key], given.staff, logins[key], email)
        (take_all if given.all else take_pictures)(browser, staff, given)
        browser.close()


if __name__ == "__main__":
    main()

"""Replaces the key with which this house signs; with `--stolen`, what the old one signed proves nothing any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from amanat.web.respond import signing


class Command(BaseCommand):
    """`python -m amanat.web.manage rotate_signing_key`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stolen", action="store_true", help="the old key fell into other hands: revoke it")

    def handle(self, *_words: Any, **given: Any) -> None:
        name = signing.rotate(now=timezone.now(), is_revoked=given["stolen"])
        self.stdout.write(f"From now on {name} signs. Publish keys.json anew where you keep copies of it.")

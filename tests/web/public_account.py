"""Runs each request of a test under the database account of the public door."""

import contextlib

from django.db import Error, connection

from amanat.web.public_role import ROLE


class PublicAccount:
    """As middleware, outside all others."""

    def __init__(self, get_response):
        self._get_response = get_response

    def __call__(self, request):
        _become(ROLE)
        try:
            return self._get_response(request)
        finally:
            # After an error the test's transaction takes the account back with everything else.
            with contextlib.suppress(Error):
                _become("none")


def _become(role):
    with connection.cursor() as cursor:
        cursor.execute(f"set role {role}")

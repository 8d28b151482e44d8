"""Django's own commands, for developers: `python -m amanat.web.manage makemigrations`. `amanat up` migrates by itself."""

import sys

from amanat.web.start import django_ready

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    django_ready()
    execute_from_command_line(sys.argv)

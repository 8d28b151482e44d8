"""The worker: takes jobs from the queue in PostgreSQL and runs them. Any number of them may run, on any machines."""

import os
import signal

from amanat.web.children import end_with_parent
from amanat.web.start import django_ready


def main() -> None:
    """Runs jobs until it is told to stop; the job at hand is finished first."""
    end_with_parent(signal.SIGKILL)
    os.nice(15)  # people who look at a page come first
    django_ready()
    from django.conf import settings
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())
    # The demonstration's own job lasts for minutes, and must not take another's place.
    worker_app.run_worker(concurrency=3 if settings.IS_DEMO else 2, shutdown_graceful_timeout=8, delete_jobs="successful")

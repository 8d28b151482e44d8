"""What granian serves, for both doors; AMANAT_DOOR says which one this process is."""

import signal

from amanat.web.children import end_with_parent
from amanat.web.start import django_ready

# granian's worker would outlive a killed granian.
end_with_parent(signal.SIGTERM)
django_ready()

from django.conf import settings  # noqa: E402  needs to be ready
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

if not settings.IS_STAFF_DOOR:
    from amanat import notify

    notify.named_hosts()  # read from a hundred files once; whoever checks a message first would wait for it

application = WSGIHandler()

"""Start the web: database, staff door, public door and one worker; Ctrl-C stops everything."""

import sys
from argparse import Namespace

from amanat.lib import settings
from amanat.lib.command import Result, Verb, argument

VERB = Verb("up", __doc__)


@VERB.command(
    "",
    argument("--demo", action="store_true", help="an invented company on its worst day, with log-ins and a local inbox that catches the mails"),
    json_keys=("staff_url", "public_url", "data"),
)
def up(given: Namespace) -> Result:
    """Start the web and stay until Ctrl-C.

    The embedded PostgreSQL lives in AMANAT_DATA unless DATABASE_URL names another server. Tables are brought up to
    date at each start. What stops is started again. With --demo, mails can only reach the local inbox.
    """
    from amanat.web.supervise import Supervisor

    def say(line: str) -> None:
        sys.stderr.write(f"amanat: {line}\n")
        sys.stderr.flush()

    supervisor = Supervisor(is_demo=given.demo, say=say)
    keys = {
        "staff_url": settings.get("AMANAT_STAFF_URL") or _local("AMANAT_STAFF_HOST"),
        "public_url": settings.get("AMANAT_PUBLIC_URL") or _local("AMANAT_PUBLIC_HOST"),
        "data": str(settings.data_folder()),
    }
    try:
        news = supervisor.start()
        say(f"staff door   {keys['staff_url']}")
        say(f"public door  {keys['public_url']}")
        if given.demo:
            say(f"inbox        {_local('AMANAT_INBOX_HOST')}")
        for line in news.splitlines():
            say(line)
        say("up; Ctrl-C stops everything")
        supervisor.watch()
    except KeyboardInterrupt:
        say("stopping")
    finally:
        supervisor.stop()
    return Result(keys=keys, text="")


def _local(setting: str) -> str:
    host, _colon, port = settings.get(setting).rpartition(":")
    return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104

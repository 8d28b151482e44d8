"""A program that sends, to be killed by the test: `python -m tests.notify.delivery_program OUT URL N_PERSONS [hold]`."""

import signal
import sys
from pathlib import Path

from amanat import notify
from tests.notify.delivery_world import a_plan, deliver, many_contacts


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background has it ignored
    out, url, n, *hold = sys.argv[1:]
    contacts = many_contacts(int(n))
    retry = notify.Retry(first_wait_seconds=0.05, longest_wait_seconds=0.2, hold_unsure=bool(hold))
    reach = deliver(Path(out), contacts, a_plan(contacts), url, retry=retry)
    print(reach.n_reached, reach.n_waiting, reach.n_unsure, flush=True)


if __name__ == "__main__":
    main()

"""``python -m bench.attack``: the run or its controls, in a fresh installation of its own."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from bench.rig import ground as rig

STILL_AT = datetime(2026, 3, 4, 10, tzinfo=UTC)  # the world's days of action lie ahead of it


def main() -> None:
    """Exit code 1 when anything came through or broke; with controls, when one was not seen."""
    parser = rig.options(__doc__ or "")
    parser.add_argument("--size", type=float, default=1.0, help="share of a whole run")
    parser.add_argument("--seed", type=int, default=7, help="what is drawn, and in which order")
    parser.add_argument("--only", default="", help="some of the attacks, with commas")
    parser.add_argument("--control", default="", help="a guard to take away, or 'every' in turn")
    asked = parser.parse_args()
    os.environ.update(
        GROUNDSWELL_ORIGIN="http://localhost:8000",  # where a passkey can be made
        GROUNDSWELL_INBOUND_SECRETS="a-secret-of-the-bench-that-is-long-enough",
        GROUNDSWELL_RELAY_DOMAIN="reply.example.org",
        GROUNDSWELL_MAIL_FROM="hello@example.org",
    )
    import time_machine

    with rig.fresh_installation(asked.db), time_machine.travel(STILL_AT, tick=True):
        from bench.attack import run

        code = run.run(asked)
    sys.exit(code)


if __name__ == "__main__":
    main()

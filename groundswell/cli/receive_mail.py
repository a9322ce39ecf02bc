"""``groundswell receive-mail``: hands one mail from standard input to the installation, signed.

For the pipe of a mail server. It needs neither the database nor the master key, only the shared
secret, so the mail server's account can be let near nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from groundswell.kernel import signed_posts
from groundswell.outreach.relay import envelopes

MOST_BYTES = 5 * 1024 * 1024
PATH = "/webhooks/mail"
SECONDS = 30
# sysexits.h: what mail servers read out of a pipe's exit status.
DONE, DATA_ERROR, TRY_AGAIN, NO_PERMISSION, WRONG_SET_UP = 0, 65, 75, 77, 78


def main(arguments: Sequence[str]) -> int:
    """Post the mail. Returns an exit status that a mail server understands."""
    parser = argparse.ArgumentParser(
        prog="groundswell receive-mail",
        description="Hand one mail from standard input to Groundswell, signed.",
    )
    parser.add_argument("--url", required=True, help="such as https://act.example.org")
    parser.add_argument("--secret-file", required=True, type=Path)
    parser.add_argument("--to", action="append", default=[], help="the envelope's recipient")
    parser.add_argument("--from", dest="sender", default="", help="the envelope's sender")
    options = parser.parse_args(arguments)
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _say("the mail is larger than 5 MB", DATA_ERROR)
    try:
        secret = options.secret_file.read_text(encoding="utf-8").strip().split(",")[0].strip()
        if options.to:
            content = envelopes.wrap(content, sender=options.sender, recipients=tuple(options.to))
    except (OSError, ValueError) as error:
        return _say(str(error), WRONG_SET_UP)
    return _post(options.url, secret, content)


def _post(url: str, secret: str, content: bytes) -> int:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    post_id, now = sha256(content).hexdigest(), int(time.time())  # the same for every retry
    headers = {
        "Content-Type": "message/rfc822",
        "Webhook-Id": post_id,
        "Webhook-Timestamp": str(now),
        "Webhook-Signature": signed_posts.sign(
            secret=secret, post_id=post_id, timestamp=now, body=content
        ),
    }
    try:
        connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=SECONDS)
        connection.request("POST", PATH, body=content, headers=headers)
        status = connection.getresponse().status
        connection.close()
    except (OSError, HTTPException, ValueError) as error:
        return _say(f"no answer: {type(error).__name__}", TRY_AGAIN)
    if status == 204:
        return DONE
    return _say(f"the answer was {status}", TRY_AGAIN if status >= 500 else NO_PERMISSION)


def _say(words: str, status: int) -> int:
    print(f"✗ {words}", file=sys.stderr)
    return status

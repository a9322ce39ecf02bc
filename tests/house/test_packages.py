"""S20: every package is locked by hash; known holes stop a release when the list can be reached."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.house import source

GOOD = "django==5.2.1 \\\n    --hash=sha256:aa\n    # via groundswell\n"


@pytest.fixture
def audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", source.ROOT / "tools/audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["audit"] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def list_of_holes(audit: Any) -> Iterator[dict[str, str]]:
    """A list of holes on this machine; a test puts ids and days into it."""
    known: dict[str, str] = {}

    class Holes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            first = {"vulns": [{"id": each} for each in known]} if known else {}
            self._answer({"results": [first, *({} for _ in asked[1:])]})

        def do_GET(self) -> None:
            self._answer({"published": known[self.path.rsplit("/", 1)[1]]})

        def _answer(self, told: object) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *said: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Holes)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    audit.SERVICE = f"http://127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


def test_our_locks_are_whole(audit: Any) -> None:
    for name in audit.LOCKS:
        assert len(audit.pins((source.ROOT / name).read_text(encoding="utf-8"))) > 30


@pytest.mark.parametrize(
    "bad",
    [
        GOOD.replace("    --hash=sha256:aa\n", ""), GOOD.replace("==5.2.1", ">=5"),
        "--pre\n" + GOOD, "git+https://x.example/y\n",
    ],
)  # fmt: skip
def test_a_lock_that_pins_nothing_is_found(audit: Any, bad: str) -> None:
    assert [pin.name for pin in audit.pins(GOOD)] == ["django"]
    with pytest.raises(ValueError, match=r"pinned|no hash"):
        audit.pins(bad)


def test_an_old_hole_stops_and_a_new_one_is_told(
    audit: Any, list_of_holes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main() == 0
    list_of_holes["NEW-1"] = "2026-03-03T12:00:00Z"
    assert audit.main() == 0
    list_of_holes["OLD-1"] = "2026-03-01T00:00:00Z"
    assert audit.main() == 1

    said = capsys.readouterr().out
    assert ("No known hole" in said, "→ " in said, ": OLD-1" in said) == (True, True, True)


def test_a_list_that_nobody_answers_stops_nothing(
    audit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    audit.SERVICE = "http://127.0.0.1:9"

    assert audit.main() == 0
    assert "not reachable" in capsys.readouterr().out

"""One post: pinned to what was checked, over TLS that is checked, and never longer than it may."""

from __future__ import annotations

import datetime as dt
import socket
import socketserver
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from groundswell.kernel import outgoing
from groundswell.kernel.outgoing import addresses, client
from tests.kernel.test_outgoing_addresses import answering
from tests.running.receiver import METADATA, Receiver, receiving

OUTSIDE = "93.184.215.14"
HOST = "hooks.example.org"


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.GROUNDSWELL_OUTGOING_LOOPBACK = True


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds are over in a tenth of one."""
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.1)


def test_what_is_said_arrives_and_the_answer_comes_back() -> None:
    with receiving() as other:
        answer = outgoing.post(other.url, b'{"a":1}', {"Content-Type": "application/json"})

    assert answer == outgoing.Answer(200, b"ok", True)
    heard = other.heard[0]
    assert heard.line == "POST /hook?for=us HTTP/1.1"
    assert heard.body == b'{"a":1}'
    assert heard.headers == {
        "host": f"127.0.0.1:{other.port}",
        "content-length": "7",
        "connection": "close",
        "content-type": "application/json",
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = watched(monkeypatch)

    with receiving(status) as other:
        answer = outgoing.post(other.url, b"{}", {})

    assert answer.status == status
    assert METADATA.split("/")[2] not in reached
    assert reached == ["127.0.0.1"]


def test_whoever_follows_redirects_is_led_to_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = watched(monkeypatch)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with receiving(302) as other, pytest.raises(urllib.error.URLError):
        opener.open(other.url, timeout=5)

    assert reached == ["127.0.0.1", "169.254.169.254"]


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hosts that anything connects to; connections to this machine are made."""
    found: list[str] = []
    really = socket.socket.connect

    def noted(self: socket.socket, where: Any) -> None:
        found.append(where[0])
        if not where[0].startswith("127."):
            raise ConnectionRefusedError
        really(self, where)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return found


@pytest.mark.parametrize(
    ("word", "code"),
    [("hang", "too_slow"), ("drip", "too_slow"), ("drop", "closed"), ("nonsense", "odd_answer")],
)
def test_faults_have_codes_of_ours(word: str, code: str, hurry: None) -> None:
    with receiving(word) as other, pytest.raises(outgoing.Failed) as failed:
        outgoing.post(other.url, b"{}", {})

    assert failed.value.code == code


def test_an_answer_without_an_end_is_read_so_far_and_no_further() -> None:
    with receiving("huge") as other:
        answer = outgoing.post(other.url, b"{}", {})

    assert (answer.status, answer.is_whole) == (200, False)
    assert client.ANSWER_MOST - 4096 < len(answer.body) <= client.ANSWER_MOST


def test_a_head_without_an_end_is_no_answer() -> None:
    with receiving("long_head") as other, pytest.raises(outgoing.Failed) as failed:
        outgoing.post(other.url, b"{}", {})

    assert failed.value.code in {"odd_answer", "too_much"}


def test_half_an_answer_is_known_for_one() -> None:
    with receiving("cut") as other:
        answer = outgoing.post(other.url, b"{}", {})

    assert answer == outgoing.Answer(200, b"only this", False)


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(outgoing.Failed, match="no_connection"):
            outgoing.post(f"http://127.0.0.1:{port}/", b"{}", {})


def test_a_name_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(client, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: never.wait(20) and [])

    with pytest.raises(outgoing.Failed, match="name_slow"):
        outgoing.post(f"https://{HOST}/", b"{}", {})
    never.set()


@pytest.mark.parametrize("error", [socket.gaierror(8, "no"), UnicodeError("label too long")])
def test_a_name_that_is_not_known(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(outgoing.Failed, match="no_such_name"):
        outgoing.post(f"https://{HOST}/", b"{}", {})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb"])
def test_a_header_cannot_hold_another(value: str) -> None:
    with receiving() as other, pytest.raises(outgoing.Failed):
        outgoing.post(other.url, b"{}", {"X-Id": value})

    assert other.heard == []


# --- ourselves, at an address that looks public ---------------------------------------------------


def test_our_own_public_address_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: True)  # 127.0.0.1 plays it
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))

    with receiving() as ours, pytest.raises(outgoing.Unfit, match="ours"):
        outgoing.post(f"https://{HOST}:{ours.port}/", b"{}", {})


def test_without_that_look_it_would_be_spoken_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))
    monkeypatch.setattr(client, "_leads_here", lambda sock, found: False)
    server = certificate(tmp_path, HOST)
    trusting(tmp_path, monkeypatch)

    with receiving(secure=server) as ours:
        outgoing.post(f"https://{HOST}:{ours.port}/", b"{}", {})

    assert len(ours.heard) == 1


# --- TLS ---------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's side with a certificate for ``name`` that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today)
        .not_valid_after(today + dt.timedelta(days=365 * 50))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The public address of HOST is played by this machine. Notes what is connected to."""
    found: list[Any] = []
    really = socket.socket.connect

    def led_here(self: socket.socket, where: Any) -> None:
        found.append(where)
        really(self, ("127.0.0.1", where[1]))

    monkeypatch.setattr(socket, "getaddrinfo", answering(OUTSIDE))
    monkeypatch.setattr(socket.socket, "connect", led_here)
    return found


def trusting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    monkeypatch.setattr(client, "secure", lambda: context)


def test_tls_names_the_host_and_checks_who_answers(
    tmp_path: Path, outside: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, named = certificate(tmp_path, HOST), []
    server.sni_callback = lambda _socket, name, _context: named.append(name)
    trusting(tmp_path, monkeypatch)

    with receiving(secure=server) as other:
        answer = outgoing.post(f"https://{HOST}:{other.port}/x", b"{}", {})

    assert answer.status == 200
    assert outside == [(OUTSIDE, other.port)]
    assert named == [HOST]
    assert other.heard[0].headers["host"] == f"{HOST}:{other.port}"


@pytest.mark.parametrize("name", ["other.example.org", "example.org", "*.org"])
def test_a_certificate_for_somebody_else_is_refused(
    name: str, tmp_path: Path, outside: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = certificate(tmp_path, name)
    trusting(tmp_path, monkeypatch)

    with receiving(secure=server) as other, pytest.raises(outgoing.Failed, match="tls"):
        outgoing.post(f"https://{HOST}:{other.port}/", b"{}", {})

    assert other.heard == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, outside: list[Any]
) -> None:
    server = certificate(tmp_path, HOST)

    with receiving(secure=server) as other, pytest.raises(outgoing.Failed, match="tls"):
        outgoing.post(f"https://{HOST}:{other.port}/", b"{}", {})

    assert other.heard == []


def test_without_the_check_of_names_the_wrong_one_would_hear_us(
    tmp_path: Path, outside: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = certificate(tmp_path, "other.example.org")
    trusting(tmp_path, monkeypatch)
    client.secure().check_hostname = False

    with receiving(secure=server) as other:
        outgoing.post(f"https://{HOST}:{other.port}/", b"{}", {})

    assert len(other.heard) == 1


# --- proxies -----------------------------------------------------------------------------------


class Proxy(socketserver.ThreadingTCPServer):
    """Opens tunnels to this machine, whatever address is asked for, and notes it."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.answer = answer
        self.asked: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tunnels that break are half of the tests."""


class _Tunnel(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        line = self.rfile.readline().decode().strip()
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(line)
        self.wfile.write(self.server.answer)
        if b" 200 " not in self.server.answer:
            return
        port = int(line.split()[1].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as there:
            back = threading.Thread(target=_copy, args=(there, self.connection), daemon=True)
            back.start()
            _copy(self.connection, there)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(4096):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def proxy(settings: Any, request: Any) -> Iterator[Proxy]:
    answer = getattr(request, "param", b"HTTP/1.1 200 Open\r\nX-Proxy: yes\r\n\r\n")
    server = Proxy(answer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.GROUNDSWELL_EGRESS_PROXY = f"127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


def test_a_proxy_is_asked_for_the_checked_address_and_sees_no_word(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = certificate(tmp_path, HOST)
    trusting(tmp_path, monkeypatch)
    leave_names_to(monkeypatch)

    with receiving(secure=server) as other:
        answer = outgoing.post(f"https://{HOST}:{other.port}/", b"{}", {})

    assert answer.status == 200
    assert proxy.asked == [f"CONNECT {OUTSIDE}:{other.port} HTTP/1.1"]


def leave_names_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """HOST is outside; the proxy's own address is what it says."""
    really, made_up = socket.getaddrinfo, answering(OUTSIDE)

    def found(host: str, port: Any, *args: Any, **more: Any) -> Any:
        return made_up(host, port) if host == HOST else really(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "proxy", [b"HTTP/1.1 403 No\r\n\r\n", b"nonsense\r\n\r\n", b"x" * 9000, b""], indirect=True
)
def test_a_proxy_that_refuses(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_names_to(monkeypatch)

    with pytest.raises(outgoing.Failed, match="proxy_refused"):
        outgoing.post(f"https://{HOST}/", b"{}", {})


def test_a_proxy_does_not_open_what_lies_inside(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("169.254.169.254"))

    for url in (f"https://{HOST}/", "https://169.254.169.254/"):
        with pytest.raises(outgoing.Unfit):
            outgoing.post(url, b"{}", {})

    assert proxy.asked == []


def test_the_environment_names_no_proxy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as trap, receiving() as other:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        outgoing.post(other.url, b"{}", {})

    assert (trap.connections, len(other.heard)) == (0, 1)


def test_the_receiver_of_these_tests_hears_what_urllib_says() -> None:
    with receiving() as other:
        assert isinstance(other, Receiver)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert opener.open(other.url, data=b"x", timeout=5).status == 200
    assert other.heard[0].body == b"x"

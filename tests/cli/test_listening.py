"""Opening the port: before anything else is started, and with the mend where that fails."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from api import serving
from api.serving import CannotListen, listen


def port_of(opened: socket.socket) -> int:
    return int(opened.getsockname()[1])


def close(*sockets: socket.socket) -> None:
    for opened in sockets:
        opened.close()


def test_clients_wait_from_the_first_moment_instead_of_being_refused() -> None:
    (opened,) = listen("127.0.0.1", 0)
    with opened, socket.create_connection(("127.0.0.1", port_of(opened)), timeout=5) as client:
        assert client.getpeername() == opened.getsockname()


def test_every_address_of_a_name_listens_on_one_port() -> None:
    opened = listen("localhost", 0)
    assert len({port_of(one) for one in opened}) == 1
    close(*opened)


def test_a_taken_port_is_said_with_a_free_one() -> None:
    (first,) = listen("127.0.0.1", 0)
    port = port_of(first)
    with first, pytest.raises(CannotListen) as refused:
        listen("127.0.0.1", port)
    message, _, suggested = str(refused.value).rpartition(" ")
    assert message == f"port {port} is taken; try --port"
    close(*listen("127.0.0.1", int(suggested)))


def test_the_port_after_a_taken_one_is_not_suggested_when_it_is_taken_too(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = listen("127.0.0.1", 0)
    monkeypatch.setattr(serving, "_NEAR_PORTS", 1)
    with first, pytest.raises(CannotListen, match=r"try --port 0$"):
        listen("127.0.0.1", port_of(first))


def test_a_suggested_port_is_not_one_that_is_taken_too() -> None:
    while True:
        (first,) = listen("127.0.0.1", 0)
        port = port_of(first)
        try:
            (second,) = listen("127.0.0.1", port + 1)
        except (CannotListen, OverflowError):
            first.close()
            continue
        break
    with first, second, pytest.raises(CannotListen) as refused:
        listen("127.0.0.1", port)
    assert f"try --port {port + 1}" not in str(refused.value)


def test_a_port_is_free_again_at_once_after_its_server_ended() -> None:
    (first,) = listen("127.0.0.1", 0)
    port = port_of(first)
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        accepted, _ = first.accept()
        close(accepted, first)
    close(*listen("127.0.0.1", port))


@pytest.mark.parametrize(
    ("host", "mend"),
    [
        ("192.0.2.1", "192.0.2.1 is no address of this machine; try --host 127.0.0.1"),
        ("no.such.host.invalid", "'no.such.host.invalid' is no address or name of this machine; try --host 127.0.0.1"),
    ],
)
def test_an_address_of_another_machine_is_said(host: str, mend: str) -> None:
    with pytest.raises(CannotListen) as refused:
        listen(host, 0)
    assert str(refused.value) == mend


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.EACCES, "port 80 is not this user's to open; try --port 8000"),
        (errno.ENOBUFS, f"cannot listen on 127.0.0.1, port 80: {os.strerror(errno.ENOBUFS)}"),
    ],
)
def test_what_else_the_system_refuses_is_said(number: int, mend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, place: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(CannotListen) as refused:
        listen("127.0.0.1", 80)
    assert str(refused.value) == mend

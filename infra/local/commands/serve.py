"""`motcua serve`: the whole stack on this machine, up until Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.local.template import REGION

if TYPE_CHECKING:
    from rich.console import Console

    from infra.local.cloud import Cloud
    from infra.local.serve import Server

LOG = Path(__file__).parents[3] / "build" / "local" / "functions.log"


def register(app: typer.Typer) -> None:
    app.command("serve", epilog="Ví dụ / examples:  motcua serve  ·  motcua serve --port 9000")(serve)


def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=0, max=65535)] = 8080,
    pretend_now: Annotated[
        str, typer.Option(help="The time the system believes in, ISO 8601; empty: the true one.")
    ] = "",
) -> None:
    """Run the API, the workflows and the registries' stand-in here, without an account. Nothing is kept afterwards."""
    console = console_here()
    with stack(console, port, pretend_now) as (cloud, server):
        show_sign_ins(console, cloud, server)
        until_interrupted(console)


def console_here() -> Console:
    """The terminal; a file or a pipe gets lines wide enough to read."""
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 132)


@contextlib.contextmanager
def stack(console: Console, port: int, pretend_now: str) -> Iterator[tuple[Cloud, Server]]:
    """The running stack and its API. Exits with code 2 when the port is taken."""
    from infra.local.at_hand import noted
    from infra.local.cloud import Cloud
    from infra.local.serve import Server

    port = port or free_port()
    if taken(port):
        console.print(f"Cổng {port} đang được dùng; chọn cổng khác bằng --port. · Port {port} is taken; see --port.")
        raise typer.Exit(2)
    warnings.simplefilter("ignore")  # moto's own, of no use to whoever runs this
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log:
        logging.basicConfig(stream=log, level=logging.WARNING, force=True)
        parameters = {"PublicUrl": f"http://127.0.0.1:{port}", "PretendNow": pretend_now}
        with console.status("khởi động · starting"):
            cloud = Cloud(parameters, schedules=True, log_to=log).start()
        try:
            with Server(cloud, port) as server, noted(cloud, server):
                yield cloud, server
        finally:
            cloud.stop()


def show_sign_ins(console: Console, cloud: Cloud, server: Server) -> None:
    """Address and accounts, in one table."""
    from rich.table import Table

    from infra.local.outbox import PATH as OUTBOX

    table = Table(box=None, pad_edge=False)
    table.add_column("vai · role")
    for heading in ("tên đăng nhập · sign-in", "mật khẩu · password"):
        table.add_column(heading, no_wrap=True, overflow="fold")
    for person in cloud.people():
        table.add_row(f"{person.says} {person.office}".strip(), person.username, person.password)
    for system in cloud.sign_in.integrators:
        table.add_row("hệ thống kết nối · integrator", system.client_id, system.client_secret)
    console.print()
    console.print(table)
    console.print(f"\n[bold]{server.base_url}[/]   API: {server.base_url}/v1/openapi.json")
    console.print(f"thư và tin nhắn đã gửi · messages sent: {server.base_url}{OUTBOX}")
    console.print("[bold]đăng nhập · to sign in[/]  (access token → Authorization: Bearer …)", highlight=False)
    console.print(f"  người · people: {sign_in_call(cloud)}", soft_wrap=True, highlight=False, markup=False)
    console.print(
        f"  hệ thống · system: curl -u ID:SECRET -d grant_type=client_credentials {cloud.endpoint}/oauth2/token",
        soft_wrap=True,
        highlight=False,
    )
    console.print(f"AWS: {cloud.endpoint} ({REGION}, any key)")
    console.print(f"registries: {cloud.registries.base_url}   log: {LOG}")
    console.print(
        "Dữ liệu chỉ tồn tại khi chương trình chạy. · Local data live as long as this process.", style="italic"
    )


def sign_in_call(cloud: Cloud) -> str:
    """What a person signs in with at a command line, ready to be copied: as the applicant."""
    person = next(person for person in cloud.people() if person.group == "applicants")
    asked = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": cloud.sign_in.people_client,
        "AuthParameters": {"USERNAME": person.username, "PASSWORD": person.password},
    }
    return (
        f"curl -s {cloud.endpoint} -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' "
        f"-H 'Content-Type: application/x-amz-json-1.1' -d '{json.dumps(asked)}'"
    )


def until_interrupted(console: Console) -> None:
    """Stay until Ctrl-C, or until somebody ends the process politely."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console.print("Ctrl-C để dừng · to stop")
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    console.print()


def taken(port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number

"""A real nginx for the tests, as somebody configures it, on ports of this machine alone."""

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from postgres_server import write_certificate

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
HEAD = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/server.crt; ssl_certificate_key {folder}/server.key;
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def nginx(folder: Path, configuration: str, port: int):
    """nginx with what stands inside `http { }`, its logs included, from when it listens on `port`; a certificate it has."""
    write_certificate(folder / "server.crt", folder / "server.key")
    (folder / "nginx.conf").write_text(HEAD.format(folder=folder) + configuration + "\n}\n", encoding="utf-8")
    server = subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(server: subprocess.Popen, port: int) -> None:
    for _ in range(200):
        assert server.poll() is None, "nginx has ended: see its configuration"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")

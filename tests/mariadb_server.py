"""A real MariaDB server for the tests: started in a folder of its own, with TLS, and gone with it."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from postgres_server import (
    PASSWORD,
    START_SECONDS,
    free_port,
    own,
    spawn,
    unprivileged_user,
    write_certificate,
)

SETTINGS = (
    "--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M",
    "--character-set-server=utf8mb4", "--log-warnings=1", "--sql-mode=", "--skip-networking=0", "--skip-log-bin",
    # As far from Paris and from UTC as can be: what depends on the server's clock shows.
    "--default-time-zone=+05:30",
)


class MariadbServer:
    """A running server; its administrator is `admin`, its certificate (for 127.0.0.1 and localhost) `certificate`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.certificate = folder / "server.crt"
        self._user = unprivileged_user()
        self._process: subprocess.Popen | None = None
        self._databases = 0

    def dsn(self, dbname: str = "", user: str = "admin", password: str = PASSWORD, **options) -> str:
        """A URI; `options` become its query (ssl_mode="required" …)."""
        query = "&".join(f"{key}={value}" for key, value in options.items())
        return f"mariadb://{user}:{password}@127.0.0.1:{self.port}/{dbname}" + (f"?{query}" if query else "")

    def create_database(self, options: str = "") -> str:
        """Make an empty database and return its name; `options` is the end of CREATE DATABASE."""
        self._databases += 1
        name = f"db_{self._databases}"
        self.sql(f"CREATE DATABASE {name} {options}")
        return name

    def sql(self, sql: str, dbname: str = "", user: str = "admin", password: str = PASSWORD) -> str:
        """Run SQL through the mariadb client and return its output, tab-separated; RuntimeError with its words."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", "--protocol=tcp", "-h127.0.0.1", f"-P{self.port}", f"-u{user}", "-N", "-B",
             "--default-character-set=utf8mb4", *([dbname] if dbname else [])],
            input=sql, capture_output=True, text=True, timeout=300, env={"MYSQL_PWD": password, "PATH": "/usr/bin:/bin"})
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def start(self) -> "MariadbServer":
        """Make the data folder on the first call, start, and wait until the server answers."""
        data, log = self.folder / "data", self.folder / "server.log"
        if not data.exists():
            self._initialise(data)
        self._process = spawn([_program("mariadbd"), "--no-defaults", f"--datadir={data}", f"--port={self.port}",
                               f"--socket={self.folder / 's.sock'}", f"--ssl-cert={data / 'server.crt'}",
                               f"--ssl-key={data / 'server.key'}", *SETTINGS], log, self.folder, self._user)
        self._wait_until_ready(log)
        return self

    def stop(self, at_once: bool = False) -> None:
        """Stop the server (`at_once`: without a word to its clients, as when a machine dies)."""
        if self._process is None:
            return
        if at_once:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(timeout=START_SECONDS)
        self._process = None

    def remove(self) -> None:
        self.stop(at_once=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self, data: Path) -> None:
        own(self.folder, self._user)
        log = self.folder / "install.log"
        as_user = [f"--user={self._user.pw_name}"] if self._user else []
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", *as_user,
                   "--auth-root-authentication-method=normal"]
        if spawn(command, log, self.folder, None).wait(timeout=START_SECONDS):
            raise RuntimeError(log.read_text())
        write_certificate(self.certificate, data / "server.key", self._user)
        shutil.copy(self.certificate, data / "server.crt")
        own(data / "server.crt", self._user)

    def _wait_until_ready(self, log: Path) -> None:
        until = time.monotonic() + START_SECONDS
        first = (f"CREATE OR REPLACE USER admin@'%' IDENTIFIED BY '{PASSWORD}'; "
                 "GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION")
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(RuntimeError):
                self.sql(first, user="root", password="")
                return
            time.sleep(0.1)
        raise RuntimeError(log.read_text()[-4000:])


def new_server() -> MariadbServer:
    """A started server in a new folder, which is outside the home of root on purpose."""
    folder = Path(tempfile.mkdtemp(prefix="alpia_mariadb_"))
    folder.chmod(0o755)
    return MariadbServer(folder).start()


def _program(name: str) -> str:
    return shutil.which(name) or f"/usr/sbin/{name}"

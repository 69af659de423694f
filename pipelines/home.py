"""A home: the folder that holds everything of one watched system."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import AlpiaError, UsageError

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_HOME = REPOSITORY / "data" / "live"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one home; nothing is created by naming it."""

    path: Path

    @classmethod
    def locate(cls, path: str | Path | None = None) -> "Home":
        """The home that `path`, else ALPIA_HOME, else `data/live` names; UsageError where there is none."""
        home = cls.named(path)
        if not home.sources_toml.is_file():
            raise UsageError(
                f"{home.path} is no home: it has no sources.toml. `alpia demo --home {home.path}` makes a demo; for a real "
                "system, `alpia sources new` drafts one from a database, or copy and edit data/sources.example.toml."
            )
        return home

    @classmethod
    def named(cls, path: str | Path | None = None) -> "Home":
        """The same, be there one or not."""
        return cls(Path(path or os.environ.get("ALPIA_HOME") or DEFAULT_HOME).expanduser().resolve())

    @property
    def sources_toml(self) -> Path:
        return self.path / "sources.toml"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    def pseudonym_key(self) -> bytes:
        """The secret key of the pseudonyms, from keys/pseudonym.key (64 hex digits, mode 0600); AlpiaError else."""
        return self._key("pseudonym", "under another key every subject would be a stranger")

    def evidence_key(self) -> bytes:
        """The secret key that signs the evidence (an Ed25519 seed), from keys/evidence.key, likewise."""
        return self._key("evidence", "what another key signs does not continue the evidence")

    def _key(self, name: str, why: str) -> bytes:
        file = self.keys / f"{name}.key"
        if not file.is_file():
            raise AlpiaError(f"{file} is missing: `alpia keys new --home {self.path}` makes a key.")
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise AlpiaError(f"{file} can be read by others: `chmod 600 {file}`.")
        try:
            key = bytes.fromhex(file.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) < KEY_BYTES:
            raise AlpiaError(f"{file} must hold {2 * KEY_BYTES} hex digits: restore it from your safe, for {why}.")
        return key

    def prepare(self) -> None:
        """Make the folders that a run writes to, for their owner's eyes only."""
        for folder in (self.warehouse, self.runs, self.reports):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

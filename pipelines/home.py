"""A home: the folder that holds everything of one watched system."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines import keyring
from pipelines.errors import UsageError

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_HOME = REPOSITORY / "data" / "live"
FIRST_LANGUAGE = "fr"  # whose pages carry no mark of it


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

    def reports_of(self, as_of: date) -> Path:
        """The folder of what is reported of a day."""
        return self.reports / as_of.isoformat()

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    def pseudonym_key(self) -> bytes:
        """The secret key of the pseudonyms, from where `keyring` looks for it; AlpiaError where there is no sound one."""
        return keyring.needed(self.keys, keyring.PSEUDONYM).value

    def evidence_key(self) -> bytes:
        """The secret key that signs the evidence (an Ed25519 seed), likewise."""
        return keyring.needed(self.keys, keyring.EVIDENCE).value

    def warehouse_key(self) -> keyring.Key:
        """The secret key of the warehouse's files, likewise, with the place where it was found."""
        return keyring.needed(self.keys, keyring.WAREHOUSE)

    def prepare(self) -> None:
        """Make the folders that a run writes to, for their owner's eyes only."""
        for folder in (self.warehouse, self.runs, self.reports):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

"""Keys are replaced, each with what rests on it, and with an entry in the ledger. An entry point: it reads the clock."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines import keyring
from pipelines import run as job
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import credential, keys
from pipelines.operate.ledger import Ledger


@contextmanager
def _entered(home: Home, what: str) -> Iterator[list[str]]:
    """Hold the home, and enter the rotation; the message is what the caller puts into the list."""
    with job.only_one(home):
        at, told = job.now(), []
        ledger, run_id = Ledger(home.runs), f"rotation-{job.new_run_id(at)}"
        ledger.start(run_id, "rotation", at.date(), at)
        try:
            yield told
        except BaseException:
            ledger.finish(run_id, job.now(), "failed", what)
            raise
        ledger.finish(run_id, job.now(), "done", f"{what}: {'; '.join(told)}")


def reveal(home: Home) -> str:
    """Replace the credential of `annex --reveal`; returns the new passphrase, and the old one is void at once."""
    with _entered(home, "credential for revealing") as told:
        told.append("replaced")
        return credential.new(home, replace=True)


def warehouse(home: Home) -> str:
    """Replace the warehouse's key; returns what was done, in a sentence.

    A published file is never written again, and the evidence signs its bytes: what is there stays under the old key until it
    is forgotten, and the old key then goes with the last of it. AlpiaError for a key that does not lie in the home.
    """
    with _entered(home, "warehouse key") as told:
        old = home.warehouse_key()
        if old.file is None:
            raise AlpiaError(f"The warehouse key is {old.place}, which is not ours to write: put its digits into "
                             f"{keyring.old_file_of(home.keys, old)} (mode 0600), and a new key in its place.")
        opened, _ = keys.opened_by(home)
        os.replace(old.file, keyring.old_file_of(home.keys, old))
        keys.write(home, keyring.WAREHOUSE, secrets.token_hex(keyring.KEY_BYTES))
        new = home.warehouse_key()
        told.append(f"{new.fingerprint} replaces {old.fingerprint}, which still opens {opened[old.fingerprint]} files")
    return (f"The next run writes under the key {new.fingerprint}. The one before, {old.fingerprint}, is kept for "
            f"{opened[old.fingerprint]} files until they are forgotten, and goes with the last of them.")

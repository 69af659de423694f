"""Keys are replaced, each with what rests on it, and with an entry in the ledger. An entry point: it reads the clock."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path

from pipelines import disk, keyring, warehouse
from pipelines import run as job
from pipelines.collect import pseudonyms
from pipelines.collect.rekeying import Rekeying, Renamed
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import credential, evidence, forgetting, keys
from pipelines.operate.ledger import Ledger
from pipelines.operate.lock import only_one
from pipelines.operate.manifest import Occasion
from pipelines.register import contracts

NEXT = "pseudonym.next"  # a new key of the pseudonyms, until it is the home's


@contextmanager
def _entered(home: Home, what: str) -> Iterator[list[str]]:
    """Hold the home, and enter the rotation; the message is what the caller puts into the list."""
    at, told = job.now(), []
    with only_one(home, at):
        ledger, run_id = Ledger(home.runs), f"rotation-{job.new_run_id(at)}"
        ledger.start(run_id, "rotation", at.date(), at)
        try:
            yield told
        except BaseException:
            ledger.finish(run_id, job.now(), "failed", what)
            raise
        ledger.finish(run_id, job.now(), "done", f"{what}: {'; '.join(told)}")


def passphrase(home: Home) -> str:
    """Replace the credential of `annex --reveal`; returns the new passphrase, and the old one is void at once."""
    with _entered(home, "credential for revealing") as told:
        told.append("replaced")
        return credential.new(home, replace=True)


def warehouse_key(home: Home) -> str:
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


def evidence_key(home: Home) -> str:
    """Replace the key that signs the evidence; returns what was done, in a sentence.

    The old key signs a statement that names the new one, which countersigns it: a link of the chain. The old secret key is
    gone then. AlpiaError for a key that does not lie in the home, or where the end of the chain was tampered with.
    """
    with _entered(home, "evidence key") as told:
        evidence.settle(home)
        old = keyring.needed(home.keys, keyring.EVIDENCE)
        if old.file is None:
            raise AlpiaError(f"The evidence key is {old.place}, which is not ours to write: put it into "
                             f"{keyring.file_of(home.keys, keyring.EVIDENCE)} (mode 0600) to rotate it.")
        at = job.now()
        new = keyring.read(keys.write(home, evidence.NEXT, secrets.token_hex(keyring.KEY_BYTES)), keyring.EVIDENCE)
        try:
            head = evidence.hand_over(home, Occasion(job.new_run_id(at), "succession", at.date(), at), new.value)
        finally:
            evidence.settle(home)
        told.append(f"{new.fingerprint} replaces {old.fingerprint}, manifest {head.number} hands over")
    return (f"Manifest {head.number} hands over to the new key of the evidence. Keep a copy of {old.file} in the safe, and "
            f"file the head {head} elsewhere; the first public key ({evidence.PUBLIC_KEY}) follows the chain as before.")


def pseudonym(home: Home, is_reset: bool = False) -> str:
    """Replace the key of the pseudonyms and rename every subject in every night that is held; returns what was done.

    Old and new names come from the sources' own ids, asked again; AlpiaError where a source cannot be asked, or for a key
    that does not lie in the home: nothing is changed then. With `is_reset` no source is asked, and what names a subject is
    left out: the history of obligations begins anew, while counts and the history of verdicts stay. No file under the old
    names is left in the home: what else holds any (lists of subjects, work by hand) is forgotten.
    """
    with _entered(home, "pseudonym key, reset" if is_reset else "pseudonym key, subjects renamed") as told:
        old = keyring.needed(home.keys, keyring.PSEUDONYM)
        if old.file is None:
            raise AlpiaError(f"The pseudonym key is {old.place}, which is not ours to write: put it into "
                             f"{keyring.file_of(home.keys, keyring.PSEUDONYM)} (mode 0600) to rotate it.")
        evidence.refuse_unready(home)
        _undo_half(home, old)
        held = list(dict(warehouse.published(home)).items())
        new, run_id = _put_aside(home), job.new_run_id(job.now())
        built = {day: warehouse.building_path(home, f"{run_id}-{day}") for day, _ in held}
        try:
            change = Rekeying(home, job.sources_of(home), contracts.load(), old.value, new.value)
            renamed = Renamed(0, 0) if is_reset else change.learn([path for _, path in held])
            rows = sum(change.rewrite(path, built[day], is_reset) for day, path in held)
        except BaseException:
            _discard(built, new)
            raise
        _exchange(home, held, built, run_id)
        lists = forgetting.forget_named(home)  # while the old key is there: killed here, it all begins again
        disk.replace(new.file, old.file)
        _forget_old(home, held)
        told += [f"{keyring.fingerprint(keyring.PSEUDONYM, new.value)} replaces {old.fingerprint}", f"{len(held)} nights"]
        told.append(f"{rows} rows left out" if is_reset else f"{renamed.known} subjects renamed by their ids, "
                    f"{renamed.unknown} that no source knows any more by their old names")
        told += [_exceptions(home, change), f"{lists} lists of subjects and works by hand forgotten"]
    return f"The pseudonym key is replaced: {'; '.join(told)}."


def _put_aside(home: Home) -> keyring.Key:
    """A new key beside the old one, until everything is written under it."""
    file = keys.write(home, NEXT, secrets.token_hex(keyring.KEY_BYTES))
    return keyring.read(file, keyring.PSEUDONYM)


def _discard(built: dict[date, Path], new: keyring.Key) -> None:
    for path in built.values():
        disk.remove(path.parent)
    new.file.unlink()


def _undo_half(home: Home, old: keyring.Key) -> None:
    """Take back what a rotation that was killed had laid in place under a key that never became the home's."""
    aside = keyring.file_of(home.keys, NEXT)
    if not aside.exists():
        return
    for _, path in warehouse.published(home):
        with closing(warehouse.read(path, is_brief=True)) as connection:
            is_new = pseudonyms.recorded(connection, warehouse.DATABASE) not in (None, old.fingerprint)
        if is_new:
            path.unlink()
    warehouse.lead_to_newest(home)
    aside.unlink()


def _exchange(home: Home, held: list, built: dict, run_id: str) -> None:
    """Lay the new files beside the old ones, the last day's at last: readers see it from then on."""
    at = job.now()
    for day, _ in held[:-1]:
        _record(home, warehouse.lay(home, built[day], day, run_id), day, run_id, at)
    if held:
        day = held[-1][0]
        _record(home, warehouse.publish(home, built[day], day, run_id), day, run_id, at)
    for path in built.values():
        disk.remove(path.parent)


def _record(home: Home, published: Path, day: date, run_id: str, at: datetime) -> None:
    evidence.record(home, Occasion(run_id, "rotation", day, at), published, ())


def _forget_old(home: Home, held: list) -> None:
    """No night under the old names stays, nor a day that was rebuilt apart: it can be rebuilt again."""
    for path in [path for _, path in warehouse.published(home) if path in {old for _, old in held}]:
        path.unlink()
    for path in (home.warehouse / warehouse.PAST).glob(f"*{warehouse.SUFFIX}"):
        path.unlink()


def _exceptions(home: Home, change: Rekeying) -> str:
    """The home's exceptions name subjects too: they are renamed where they stand."""
    file = home.path / "exceptions.toml"
    if not file.is_file():
        return "no exceptions"
    text, found = change.renamed_in(file.read_text(encoding="utf-8"))
    if found:
        disk.put(file, text)
    return f"{found} subjects renamed in {file.name}"

"""What operations keep up: the volumes to back up, the drills, the security fixes, how far the replica lags."""

import numpy as np

from pipelines.demo.moments import HOUR, MINUTE, NONE, at
from pipelines.demo.trash import FORMER_UNTIL, REPLICA_SINCE
from pipelines.demo.words import DRILL_OUTCOMES, DRILLS, FORMER, PRIMARY, REPLICA, SERVERS, VAULT, code
from pipelines.demo.world import World

VOLUMES = ("database", "documents")
# A volume that was in use for one day, and that no backup covered; it was twenty days before as_of.
FORGOTTEN, FORGOTTEN_AGO = "exports", 20
# Days before as_of, and how many of that day's three backups failed and were not done again.
LOST_BACKUPS = {500: 2, 75: 2, 52: 1}
DRILL_EVERY, DRILL_LAST, DRILL_LATE, DRILL_SLOW = 350, 385, 15, 40
COMMITTED, DRILL_TOOK = 4 * HOUR, 50 * MINUTE
CHECKED_DAYS, CHECKED_AT = 440, 6 * HOUR + 15 * MINUTE
FIX_EVERY, FIX_WAITS = 29, 20
# Planted fixes: server, published so many days before as_of, gone from the check so many days after that (None: waits).
FIXES = ((VAULT, 420, 32), (VAULT, 120, 32), (VAULT, 40, None), (REPLICA, 90, 30), (PRIMARY, 25, None))
SAMPLE_EVERY = 20 * MINUTE
# Days before as_of, and the lag at noon of that day in seconds.
LAGS, NOON = {390: 90, 33: 60, 34: 59}, 12 * HOUR
# Days before as_of on which no sample was taken for so long from ten o'clock on.
GAPS, GAP_AT = {47: HOUR + MINUTE, 48: HOUR}, 10 * HOUR
FORMER_SAMPLED = 400


def volumes(world: World) -> dict[str, np.ndarray]:
    """The volumes of the primary server."""
    day = world.today - FORGOTTEN_AGO
    return {"server": np.full(3, code(SERVERS, PRIMARY)), "volume": np.array([*VOLUMES, FORGOTTEN], dtype=object),
            "in_use_at": np.array([NONE, NONE, at(day)]), "out_of_use_at": np.array([NONE, NONE, at(day + 1)])}


def drills(world: World) -> dict[str, np.ndarray]:
    """One every fifty weeks, in turn a failover and a restore, but none in the first year; the last but one took too long,
    the last came too late."""
    days = np.arange(world.today - DRILL_LAST, world.opened, -DRILL_EVERY)[::-1][1:]
    days = np.append(days, [world.today - DRILL_SLOW, world.today - DRILL_LATE])
    started = at(days, 14 * HOUR)
    took = np.full(len(days), DRILL_TOOK)
    took[-2:] = COMMITTED + 1, COMMITTED
    kind = np.arange(len(days)) % len(DRILLS)
    return {"kind": kind, "server": np.where(kind == 0, code(SERVERS, REPLICA), code(SERVERS, PRIMARY)),
            "started_at": started, "finished_at": started + took,
            "outcome": np.full(len(days), code(DRILL_OUTCOMES, "success"))}


def checks(world: World, servers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every morning, each server in service says how many fixes wait and since when the oldest was published."""
    checked = at(world.today - np.arange(CHECKED_DAYS)[::-1], CHECKED_AT)
    parts = []
    columns = (servers[name] for name in ("server", "in_service_at", "out_of_service_at"))
    for server, opened, closed in zip(*columns, strict=True):
        mine = checked[(checked >= opened) & ((closed == NONE) | (checked < closed))]
        published, gone = _fixes(world, int(server))
        waits = (published[:, None] <= mine) & (mine < gone[:, None])
        oldest = np.where(waits, published[:, None], np.iinfo(np.int64).max).min(axis=0, initial=np.iinfo(np.int64).max)
        pending = waits.sum(axis=0)
        parts.append({"server": np.full(len(mine), server), "checked_at": mine, "pending": pending,
                      "oldest_pending_at": np.where(pending > 0, oldest, NONE)})
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((rows["server"], rows["checked_at"]))
    return {name: values[order] for name, values in rows.items()}


def _fixes(world: World, server: int) -> tuple[np.ndarray, np.ndarray]:
    """When each fix for the server was published, and from when on no check finds it any more."""
    days = np.arange(world.today - CHECKED_DAYS, world.today - FIX_WAITS, FIX_EVERY)
    waits = 3 + (np.arange(len(days)) * 7 + server * 5) % FIX_WAITS
    planted = [(world.today - ago, world.end if gone is None else at(world.today - ago + gone, CHECKED_AT))
               for name, ago, gone in FIXES if code(SERVERS, name) == server]
    published = np.append(at(days, 10 * HOUR), at(np.array([day for day, _ in planted], dtype=np.int64), 10 * HOUR))
    return published, np.append(at(days + waits, CHECKED_AT), np.array([gone for _, gone in planted], dtype=np.int64))


def samples(world: World) -> dict[str, np.ndarray]:
    """Three times an hour, how many seconds each replica is behind: a few, but for what is planted."""
    begins = (at(world.today - FORMER_SAMPLED), at(world.today - REPLICA_SINCE + 1))
    ends = (at(world.today - FORMER_UNTIL), world.end)
    parts = [_samples(world, name, *limits) for name, *limits in zip((FORMER, REPLICA), begins, ends, strict=True)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _samples(world: World, name: str, begins: int, ends: int) -> dict[str, np.ndarray]:
    taken = np.arange(begins, ends, SAMPLE_EVERY)
    lag = world.dice(f"samples of {name}").poisson(1.5, len(taken))
    for ago, seconds in LAGS.items():
        lag[taken == at(world.today - ago, NOON)] = seconds
    kept = np.ones(len(taken), dtype=bool)
    for ago, seconds in GAPS.items():
        gap = at(world.today - ago, GAP_AT)
        kept &= ~((taken > gap) & (taken < gap + seconds))
    late = [at(world.today - ago, GAP_AT) + seconds for ago, seconds in GAPS.items() if seconds % SAMPLE_EVERY]
    late = [moment for moment in late if begins <= moment < ends]
    taken, lag = np.append(taken[kept], late), np.append(lag[kept], [1] * len(late))
    order = np.argsort(taken, kind="stable")
    return {"replica": np.full(len(taken), code(SERVERS, name)), "sampled_at": taken[order].astype(np.int64),
            "lag_seconds": lag[order].astype(np.int64)}


def lost(world: World, day: np.ndarray, status: np.ndarray, failed: int) -> np.ndarray:
    """The states of the backups with those of `LOST_BACKUPS`: of such a day, the last so many failed and no other."""
    for ago, count in LOST_BACKUPS.items():
        places = np.flatnonzero(day == world.today - ago)
        status[places] = 0
        status[places[len(places) - count:]] = failed
    return status


def is_lost(world: World, day: np.ndarray) -> np.ndarray:
    """Is what failed on that day not done again?"""
    return np.isin(day, [world.today - ago for ago in LOST_BACKUPS])

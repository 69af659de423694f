"""The world of one demo: its seed, its size, its clock."""

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.demo.moments import NONE, at, day_number, plus_months

SERVICE_YEARS, COMPANY_YEARS = 9, 15


@dataclass(frozen=True, slots=True)
class World:
    """Everything is counted back from the end of the local day `as_of`: equal arguments make equal worlds."""

    seed: int
    accounts: int
    as_of: date

    @property
    def today(self) -> int:
        """as_of, as a day number."""
        return day_number(self.as_of)

    @property
    def end(self) -> int:
        """The first instant after as_of: what happens from here on has not happened."""
        return at(self.today + 1)

    @property
    def review_from(self) -> int:
        """The first instant of the twelve months in which a failure counts as a breach."""
        return at(plus_months(self.today + 1, -12))

    @property
    def opened(self) -> int:
        """The day on which the service opened to customers."""
        return day_number(date(self.as_of.year - SERVICE_YEARS, 3, 1))

    @property
    def founded(self) -> int:
        """The day on which the company was founded, some years earlier: it has invoices old enough to be removed."""
        return day_number(date(self.as_of.year - COMPANY_YEARS, 3, 1))

    def dice(self, purpose: str) -> np.random.Generator:
        """Random numbers of one purpose, so that a change in one part of the world leaves the others as they are."""
        return np.random.default_rng([self.seed, self.accounts, self.today, zlib.crc32(purpose.encode())])

    def known(self, moments):
        """Moments with NONE in the place of those that lie ahead."""
        return np.where(np.asarray(moments) < self.end, moments, NONE)

    def ago(self, days: int, second: int = 36_000) -> int:
        """The moment `days` local days before as_of, at that second of the wall clock (10:00)."""
        return at(self.today - days, second)

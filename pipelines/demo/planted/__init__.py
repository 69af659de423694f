"""Everything that is planted, promise by promise."""

from pipelines.demo.cases import Cases
from pipelines.demo.planted import (
    collection,
    cookies,
    deleted,
    desk,
    governance,
    hosting,
    inactive,
    invoices,
    mailings,
    publication,
    recoveries,
    replies,
    traffic,
    transport,
    trash,
    upkeep,
)
from pipelines.demo.world import World


def plant(world: World) -> Cases:
    """All planted rows, and what is due for each."""
    cases = Cases(world)
    for story in (collection, deleted, inactive, invoices, trash, recoveries, replies, hosting, publication, upkeep,
                  transport, cookies, traffic, desk, governance, mailings):
        story.plant(cases)
    return cases

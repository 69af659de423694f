"""Which failures of a database may pass by themselves, and how long we wait before we ask again.

Only what stands here is asked again. A wrong password, a missing column, a broken contract, a SELECT that takes longer than
it may: all of these would fail alike a minute later, and are told at once.
"""

from dataclasses import dataclass
from time import sleep

# The sentences of what may pass; the dialects tell by them what their databases say (see SENTENCES there).
UNREACHABLE = "the server cannot be reached: check the host and port in ${secret}, and that it runs"
FULL = "the server has no connection left: try again later"
LOST = "the connection was lost half-way: nothing that was half read is kept"
GAVE_WAY = "the reading had to give way to the server's own work: read from the primary, or at a quieter hour"
CHANGED = "the SELECT's columns changed while they were read: nothing that was half read is kept"
PASSING = (UNREACHABLE, FULL, LOST, GAVE_WAY, CHANGED)
# Seconds before the second, third and fourth time of asking: a blink, a restart, a failover.
PAUSES = (2, 15, 60)


def may_pass(why: str, secret: str | None) -> bool:
    """Whether the sentence, as it is told of a source with that secret, is one of PASSING."""
    return why in {words.format(secret=secret) for words in PASSING}


@dataclass(slots=True)
class Attempts:
    """How often a source was asked."""

    made: int = 0

    def again(self) -> bool:
        """After an attempt that failed: wait, and say True, where it is not the last one yet."""
        if self.made > len(PAUSES):
            return False
        sleep(PAUSES[self.made - 1])
        return True

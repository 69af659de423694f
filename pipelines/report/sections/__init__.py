"""The answers: `<notebook>.<question>` -> a function of a run that gives its section."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pipelines.report.pages import Section
from pipelines.report.sections import compliance, deletions, inactivity, management, traffic, working

SECTIONS: Mapping[str, Callable[..., Section]] = MappingProxyType({
    **management.SECTIONS, **compliance.SECTIONS, **inactivity.SECTIONS, **deletions.SECTIONS,
    **traffic.SECTIONS, **working.SECTIONS,
})

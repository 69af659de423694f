"""Great Expectations without what it imports and we never use: half of its seconds."""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

# For expectations on distributions (charts and statistics) and on JSON; jsonschema with all its formats takes a second.
UNUSED = ("altair", "scipy.stats", "jsonschema")


class Deferred(ModuleType):
    """Stands for a module until something of it is asked for; then it is imported, and the answer is the module's own."""

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} is deferred and has no {name}")
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def deferred(names: tuple[str, ...] = UNUSED) -> Iterator[None]:
    """While this lasts, importing one of `names` gives a stand-in; afterwards everybody else imports the real one.

    The garbage collector rests meanwhile, for an import makes many objects and no garbage; and what there is afterwards it
    leaves alone for good, which spares it a second in all later rounds and at the end of the process.
    """
    placed = {name: Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(placed)
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        for name, module in placed.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
        gc.freeze()
        if collecting:
            gc.enable()

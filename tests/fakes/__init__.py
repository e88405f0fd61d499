"""The world in memory: every port of casework.ports, well-behaved and faulty, each named for how it behaves.

The stores keep plain JSON, as the real ones do, so that what the codec cannot carry is lost here too. `MemoryStore`
and adapters.store.CaseTable pass the same contract (tests/integration/test_store.py).
"""

from tests.fakes.audit import altered
from tests.fakes.files import MemoryFiles, PlainPrinter
from tests.fakes.leaving import (
    DyingMessenger,
    Killed,
    MemoryBench,
    MemoryMessenger,
    MemoryTexter,
    MemoryWorkflows,
    UnwillingMessenger,
)
from tests.fakes.plain import SetClock, as_stored
from tests.fakes.readers import (
    BLURRED,
    PAGE_BREAK,
    CrashingReader,
    EmptyReader,
    GarbageReader,
    PlainReader,
    SecondSight,
    count_pages,
    read_sheets,
)
from tests.fakes.registries import GOOD, AnsweringRegistry, SilentRegistry, WrongRegistry
from tests.fakes.store import MemoryStore

__all__ = [
    "BLURRED", "GOOD", "PAGE_BREAK", "AnsweringRegistry", "CrashingReader", "DyingMessenger", "EmptyReader",
    "GarbageReader", "Killed", "MemoryBench", "MemoryFiles", "MemoryMessenger", "MemoryStore", "MemoryTexter",
    "MemoryWorkflows", "PlainPrinter", "PlainReader", "SecondSight", "SetClock", "SilentRegistry", "UnwillingMessenger",
    "WrongRegistry", "altered", "as_stored", "count_pages", "read_sheets",
]  # fmt: skip

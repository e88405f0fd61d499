"""An audit somebody tampered with."""

from __future__ import annotations

import dataclasses
from typing import Any

from casework.dossier import AuditEntry


def altered(entry: AuditEntry, **differs: Any) -> AuditEntry:
    """An audit entry somebody tampered with, its hash left as it was."""
    return dataclasses.replace(entry, **differs)

"""The buckets in memory, and a printer that prints a sheet as the JSON it is."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from casework.document import Page
from casework.errors import (
    NotFound,
)
from casework.plain import from_plain, to_plain
from casework.ports import PrintedPaper, StoredObject, UploadGrant

from tests.fakes.plain import as_stored


class MemoryFiles:
    """FileStore. `arrive` is what the applicant's browser does with a grant."""

    def __init__(self) -> None:
        self._uploads: dict[str, list[bytes]] = defaultdict(list)
        self._pages: dict[str, tuple[Any, bytes]] = {}
        self._json: dict[str, Any] = {}
        self._evidence: dict[str, Any] = {}
        self.pdfs: dict[str, bytes] = {}

    def arrive(self, key: str, data: bytes) -> str:
        self._uploads[key].append(data)
        return str(len(self._uploads[key]))

    def vanish(self, key: str) -> None:
        del self._uploads[key]

    def grant_upload(self, key: str, size_bytes: int, sha256: str, media_type: str) -> UploadGrant:
        return UploadGrant(f"memory:{key}", {"key": key}, datetime.max.replace(tzinfo=UTC))

    def grant_form(self, key: str, back_to: str) -> UploadGrant:
        fields = {"key": key, "success_action_redirect": back_to}
        return UploadGrant(f"memory:{key}", fields, datetime.max.replace(tzinfo=UTC))

    def uploaded(self, key: str) -> StoredObject | None:
        versions = self._uploads.get(key)
        return StoredObject(len(versions[-1]), str(len(versions)), "") if versions else None

    def upload(self, key: str, version: str = "") -> bytes:
        versions = self._uploads.get(key, [])
        number = int(version or len(versions))
        if not 1 <= number <= len(versions):
            raise NotFound(key)
        return versions[number - 1]

    def put_page(self, key: str, page: Page, image: bytes) -> None:
        self._pages[key] = as_stored(page), image

    def page(self, key: str) -> Page | None:
        found = self._pages.get(key)
        return from_plain(Page, found[0]) if found else None

    def page_image(self, key: str) -> bytes:
        if key not in self._pages:
            raise NotFound(key)
        return self._pages[key][1]

    def page_image_link(self, key: str) -> str:
        return f"memory:{key}"

    def put_json(self, key: str, data: Any) -> None:
        self._json[key] = as_stored(data)

    def json(self, key: str) -> Any:
        if key not in self._json:
            raise NotFound(key)
        return self._json[key]

    def put_evidence(self, key: str, data: Any) -> None:
        self._evidence[key] = as_stored(data)

    def evidence(self, key: str) -> Any:
        if key not in self._evidence:
            raise NotFound(key)
        return self._evidence[key]

    def evidence_link(self, key: str) -> str:
        return f"https://store.example/{key}"

    def put_paper(self, key: str, pdf: bytes) -> None:
        self.pdfs[key] = pdf

    def paper(self, key: str) -> bytes:
        if key not in self.pdfs:
            raise NotFound(key)
        return self.pdfs[key]

    def erase(self, dossier_id: str) -> int:
        found = 0
        for kept in (self._uploads, self._pages, self._json, self.pdfs):
            mine = [key for key in kept if f"/{dossier_id}/" in key and not key.startswith("papers/")]
            found += len([kept.pop(key) for key in mine])  # type: ignore[attr-defined]
        return found

    def paper_link(self, key: str, file_name: str) -> str:
        return f"memory:{key}?{file_name}"

    def put_bundle(self, key: str, packed: bytes) -> None:
        self.pdfs.setdefault(key, packed)

    def bundle_link(self, key: str, file_name: str, media_type: str = "application/zip") -> str:
        return f"memory:{key}?{file_name}"

    def put_scan(self, key: str, pdf: bytes) -> None:
        self.pdfs[key] = pdf

    def has_scan(self, key: str) -> bool:
        return key in self.pdfs

    def scan_link(self, key: str, file_name: str) -> str:
        return f"memory:{key}?{file_name}"


class PlainPrinter:
    """Prints a sheet as the JSON it is; the sheets are kept as they were, in order."""

    def __init__(self) -> None:
        self.sheets: list[Any] = []

    def print(self, sheet: Any) -> PrintedPaper:
        self.sheets.append(sheet)
        return PrintedPaper(json.dumps(to_plain(sheet), ensure_ascii=False, sort_keys=True).encode(), 1)

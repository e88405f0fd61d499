"""`motcua read --searchable`: each file read is also written as one PDF that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from adapters.reader import PageRead


@dataclass
class Shelf:
    """A folder of searchable PDFs, one for each file, named after it; two files of one name get two names."""

    folder: Path
    _taken: set[str] = field(default_factory=set)

    def keep(self, source: Path, pages: Sequence[PageRead]) -> dict[str, Any]:
        """Write the PDF of a file that was read; answers {file, bytes, pages}, or {} when no page has a picture."""
        from adapters.searchable import bind_pages
        from casework.shown import shown_name

        seen = [item for item in pages if item.image]
        if not seen:
            return {}
        # The words of a page that could not be read are not to be believed, nor found.
        bound = [(item.page if item.page.readable else replace(item.page, words=()), item.image) for item in seen]
        pdf = bind_pages(bound, shown_name(source.name))
        target = self.folder / self._free_name(source)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(pdf)
        except OSError as error:
            raise typer.BadParameter(f"{target}: {error.strerror}", param_hint="--searchable") from error
        return {"file": str(target), "bytes": len(pdf), "pages": len(bound)}

    def _free_name(self, source: Path) -> str:
        """The file's own name with .pdf behind it, never one that was written before in this run."""
        wanted, number = f"{source.stem}.pdf", 1
        while wanted in self._taken:
            number += 1
            wanted = f"{source.stem}-{number}.pdf"
        self._taken.add(wanted)
        return wanted

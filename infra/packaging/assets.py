"""Makes the pages' style sheet and scripts of govuk-frontend's and our own, into functions/web/assets/.

Knows what of govuk-frontend may not be used here: its typeface, which lacks most Vietnamese letters, and the crest.
Every file's name carries a hash of its content, so that browsers may keep it for good; assets.json says which is which.
Nothing of it is committed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TAKEN = ROOT / "infra" / "assets" / "node_modules" / "govuk-frontend"
OWN = ROOT / "functions" / "web" / "look"
MADE = ROOT / "functions" / "web" / "assets"

# One family writes every letter of a page: what the device has for its own menus, then faces with all Vietnamese
# letters. Nothing is downloaded.
FAMILY = 'system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'
FOREIGN_FAMILY = "GDS Transport,arial,sans-serif"


def style(taken: str, own: str) -> str:
    """One style sheet: govuk-frontend's without its typeface and crest, then ours."""
    css = re.sub(r"@font-face\{[^}]*\}", "", taken)
    css = css.replace(FOREIGN_FAMILY, FAMILY)
    css = re.sub(r"[^{}]+\{[^{}]*govuk-crest\.svg[^{}]*\}", "", css)
    css = re.sub(r"/\*#[^*]*\*/", "", css)
    left = [word for word in ("GDS Transport", "@font-face", "url(") if word in css]
    if left:
        raise SystemExit(f"the style sheet of govuk-frontend is built otherwise than expected: still has {left}")
    return f"{css.strip()}\n{_lean(own).replace('OUR-FAMILY', FAMILY)}\n"


def _lean(css: str) -> str:
    """Our own rules without remarks and indentation."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", css).strip()


def _licence(package: dict[str, Any]) -> str:
    """Whose work the style sheet and govuk.js are, and on what terms."""
    author = package.get("author", {})
    author = author.get("name", "") if isinstance(author, dict) else author
    home = package.get("homepage") or package.get("repository", {}).get("url", "")
    return f"{package['name']} {package['version']}\n{author}\n{package['license']} licence\n{home}\n"


def build(target: Path = MADE) -> dict[str, str]:
    """Fill the folder anew; returns file by plain name. Raises SystemExit when npm's packages are not there."""
    if not TAKEN.exists():
        raise SystemExit("infra/assets/node_modules is missing: run make setup")
    folder = TAKEN / "dist" / "govuk"
    contents: dict[str, bytes] = {}
    names: dict[str, str] = {}

    def add(plain: str, content: str) -> None:
        stem, _, ending = plain.rpartition(".")
        data = content.encode("utf-8")
        names[plain] = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{ending}"
        contents[names[plain]] = data

    read = {path.name: path.read_text(encoding="utf-8") for path in OWN.iterdir()}
    add("motcua.css", style((folder / "govuk-frontend.min.css").read_text(encoding="utf-8"), read["motcua.css"]))
    script = (folder / "govuk-frontend.min.js").read_text(encoding="utf-8")
    add("govuk.js", re.sub(r"//# sourceMappingURL=\S+", "", script))
    add("motcua.js", read["motcua.js"].replace('"./govuk.js"', f'"./{names["govuk.js"]}"'))
    add("desk.css", f"{_lean(read['desk.css'])}\n")
    add("desk.js", read["desk.js"])
    add("sending.js", read["sending.js"])
    add("sign.svg", read["sign.svg"])
    add("licence.txt", _licence(json.loads((TAKEN / "package.json").read_text(encoding="utf-8"))))
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for name, data in contents.items():
        (target / name).write_bytes(data)
    (target / "assets.json").write_text(json.dumps(names, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return names


if __name__ == "__main__":
    for plain, name in sorted(build().items()):
        sys.stdout.write(f"{plain}: {name}, {(MADE / name).stat().st_size} bytes\n")

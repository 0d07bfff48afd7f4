"""One script per demo: the shared modules are written into it, so nothing is built or fetched.

The .js files are plain ES modules: an editor follows their imports, a bare page can load them.
In a notebook a widget is one text, so `compose` puts each imported module, once, before the
module that needs it, inside a function of its own (names of two modules never meet).

Lessons: 00, 01.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PALETTE: dict[str, Any] = json.loads((HERE / "palette.json").read_text(encoding="utf-8"))

IMPORT = re.compile(r'^import\s+(?P<names>[^;]+?)\s+from\s+"\./(?P<file>[\w.]+)"[^;]*;\n', re.M)
PASSED = re.compile(r'^export\s+\{(?P<names>[^}]+)\}\s+from\s+"\./(?P<file>[\w.]+)";\n', re.M)
EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\b)", re.M)
EXPORTED = re.compile(r"^export\s+(?:async\s+)?(?:function\*?|class|const|let)\s+(\w+)", re.M)


def compose(script: Path) -> str:
    """Return `script` with every module it imports from its folder written in before it.

    Example
    -------
    >>> text = compose(HERE / "neuron_lab.js")
    >>> "import " in text.split("export default")[0].split("//")[0]
    False
    """
    parts: dict[str, str] = {}
    main = _inline(script, parts)
    return "".join(parts.values()) + main


def _inline(script: Path, parts: dict[str, str]) -> str:
    """The text of one module with its imports turned into constants; fills `parts` in order."""

    def constant(found: re.Match[str]) -> str:
        file = found["file"]
        if file not in parts:
            parts[file] = _module(script.parent / file, parts)
        return f"const {found['names'].replace(' as ', ': ')} = {_name(file)};\n"

    return IMPORT.sub(constant, script.read_text(encoding="utf-8"))


def _module(file: Path, parts: dict[str, str]) -> str:
    """A shared module as one constant that holds what it exports."""
    if file.suffix == ".json":
        return f"const {_name(file.name)} = {file.read_text(encoding='utf-8').strip()};\n"
    text = file.read_text(encoding="utf-8")
    names = EXPORTED.findall(text)
    for passed in PASSED.finditer(text):  # handed on as it is: a field of the other module
        names += [f"{n.strip()}: {_name(passed['file'])}.{n.strip()}"
                  for n in passed["names"].split(",")]  # fmt: skip
    body = EXPORT.sub("", PASSED.sub("", _inline(file, parts)))
    return f"const {_name(file.name)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"


def _name(file: str) -> str:
    return "$" + file.replace(".", "_")

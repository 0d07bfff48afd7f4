"""Files written so that nothing is lost: whole or not at all, and a copy before replacing."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from nnlearn.course.paths import home


def replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it, flushed to the disk, then renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with open(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            shutil.copymode(file, beside)
        else:
            os.chmod(beside, 0o644)
        os.replace(beside, file)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def keep(file: Path) -> Path:
    """Copy a notebook to `.nnlearn/backups` under a name of its own."""
    folder = home() / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    day = datetime.now().strftime("%Y-%m-%d")
    number = 1
    while (copy := folder / f"{file.stem}-{day}-{number}.ipynb").exists():
        number += 1
    replace(copy, file.read_bytes())
    shutil.copystat(file, copy)
    return copy

"""How busy other programs keep this machine: time on two cores means little while they do."""

import os
import time


def busy_seconds():
    """Return the processor time that all programs together have used so far; None if not Linux."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            user, nice, system, _, _, *interrupts = map(int, file.readline().split()[1:8])
    except (OSError, ValueError):
        return None
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def cores_used(seconds=0.1):
    """Return the number of cores that programs use at this moment."""
    before = busy_seconds()
    if before is None:
        return 0.0
    started = time.perf_counter()
    time.sleep(seconds)
    return (busy_seconds() - before) / (time.perf_counter() - started)


def wait(patience):
    """Wait until the machine is quiet, at most `patience` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end and cores_used() > 0.15:
        pass

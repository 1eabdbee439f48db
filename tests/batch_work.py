"""Work for workers that start anew: functions that can be imported by name."""

from __future__ import annotations

import os
import time


def misbehaved(task: str) -> bytes:
    """Does as it is told: hangs, dies, or answers."""
    if task.startswith("hang"):
        time.sleep(600)
    if task.startswith("die"):
        os._exit(9)
    return task.encode()

"""Processes that another process starts, and whether they end with it."""

import signal
import subprocess
import sys
import time

import psutil

LIMIT_S = 60.0


def is_running(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def ends_with_its_parent(code, *arguments):
    """Whether the process whose number a script prints, before it sleeps, ends when the script is killed."""
    with subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.send_signal(signal.SIGKILL)
    gone = time.monotonic() + LIMIT_S
    while is_running(child) and time.monotonic() < gone:
        time.sleep(0.05)
    return not is_running(child)

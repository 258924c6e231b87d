"""Run a command and print, behind its own output, its wall and CPU seconds, peak memory (MiB) and exit code.

A process of its own with nothing imported: Linux counts the memory of whoever starts a process to its peak.
"""

import os
import sys
import time

if __name__ == "__main__":
    start = time.perf_counter()
    pid = os.posix_spawn(sys.argv[1], sys.argv[1:], dict(os.environ))
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    print(f"[{wall}, {cpu}, {usage.ru_maxrss / 1024}, {os.waitstatus_to_exitcode(status)}]")

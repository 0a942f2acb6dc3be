"""Idle memory and cold start of `pass serve` on a migrated database. Targets: 20 MB and 50 ms on a quiet machine."""
import os
import statistics
import time


def figures(name, installation, times=7):
    first = installation.start()
    installation.stop()
    starts, memory = [], 0
    for turn in range(times):
        starts.append(installation.start())
        if turn == times - 1:
            time.sleep(2)
            memory = installation.memory()
        installation.stop()
    load = os.getloadavg()[0]
    print(f"{name:10}  idle PSS {memory:.1f} MB (target 20)   cold start to first 200: median {statistics.median(starts):.0f} ms, "
          f"{min(starts):.0f} to {max(starts):.0f} (target 50)   "
          f"first start here {first:.0f} ms   load of the machine {load:.1f}", flush=True)

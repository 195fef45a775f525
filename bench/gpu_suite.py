"""All that a GPU has to show, in one command that loses nothing: identity, tests, seconds, ceilings, rivals, memory.

For a machine with a GPU, CuPy, numba and NumPy; simcost need not be installed there. Beforehand, where it is:

    python bench/gpu_suite.py --save-plans

then, in a copy of the tree on the GPU machine, to which ``bench/plans`` is carried though git ignores it:

    python3 bench/gpu_suite.py -o $OUT/gpu_suite.json                       # nine minutes at most
    python3 bench/gpu_suite.py -o $OUT/rest.json --only columns sanitizer   # what the first had no time for

Sections fail alone, whatever is found is in the record at once, and what comes after the deadline is skipped. Two dry runs need
no GPU: ``--device host`` with the host's compiler as the device, and, through all that is said to CuPy,

    PYTHONPATH=tests/emulated python bench/gpu_suite.py --quick
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("kernels", "bench", "simulator")]

from gpu import ceilings, identity, plans, rivals, speed, variants  # noqa: E402 - found by the line above
from gpu.session import ROOT, Session, finished, say  # noqa: E402

from simcost_kernels.backends.cuda.kernel import CudaKernel  # noqa: E402
from simcost_kernels.summaries.summary import BLOCK  # noqa: E402

RECORD = ROOT / "bench" / "records" / "gpu_suite.json"
SECONDS = 540.0
"""A command on a lent machine has ten minutes; the last section may overrun a little."""

LIMIT_S, LIMITS_S = 100.0, {"columns": 160.0, "rivals": 140.0, "sanitizer": 360.0}
"""What a section may take, so that none takes the time of all others; what it has found by then is in the record."""


def machine(session):
    """What the figures were taken on."""
    import numpy as np

    found = {"python": platform.python_version(), "numpy": np.__version__, "cores": os.cpu_count(), "plans": list(session.plans)}
    if session.on_gpu:
        import cupy

        properties = cupy.cuda.runtime.getDeviceProperties(0)
        free, total = cupy.cuda.runtime.memGetInfo()
        found |= {
            "gpu": properties["name"].decode(),
            "multiprocessors": properties["multiProcessorCount"],
            "capability": f"{properties['major']}.{properties['minor']}",
            "memory_bytes": total,
            "free_bytes": free,
            "cupy": cupy.__version__,
            "driver": cupy.cuda.runtime.driverGetVersion(),
            "nvrtc": cupy.cuda.nvrtc.getVersion(),
            "devices": cupy.cuda.runtime.getDeviceCount(),
        }
    session.found |= found
    say(found)


def tests(session):
    """The tests that need a GPU, by pytest, without the project's own settings: its plug-ins may be missing."""
    if not session.on_gpu:
        session.found["skipped"] = "needs a GPU"
        return
    paths = [ROOT, ROOT / "kernels", ROOT / "simulator", *filter(None, [os.environ.get("PYTHONPATH")])]
    options = ["-q", "-c", os.devnull, "--rootdir", ROOT, "--import-mode=importlib", "-p", "no:cacheprovider"]
    options += ["-o", "markers=gpu: needs a CUDA device", "-m", "gpu"]
    command = [sys.executable, "-m", "pytest", *map(str, options), str(ROOT / "tests" / "backends" / "test_gpu.py")]
    done = finished(command, session.left_s(), PYTHONPATH=os.pathsep.join(map(str, paths)), SIMCOST_GPU="1")
    if done is None:
        session.found["skipped"] = "ran out of time"
        return
    say(done.stdout[-1500:], done.stderr[-500:])
    session.expect(done.returncode == 0, f"tests: pytest ends with {done.returncode}")
    session.found |= {"exit": done.returncode, "output": done.stdout[-3000:]}


def memory(session):
    """Bytes of the device that a run of the main plan has taken from CuPy's pool."""
    if not session.on_gpu:
        session.found["skipped"] = "needs a GPU"
        return
    import cupy

    pool = cupy.get_default_memory_pool()
    pool.free_all_blocks()
    before = pool.total_bytes()
    kernel = CudaKernel(plans.load(session.plans[plans.MAIN]), devices=session.queues(2))
    speed.simulate(kernel, (2 if session.quick else 256) * BLOCK, 2)
    session.found |= {"pool_bytes": pool.total_bytes() - before, "of_bytes": cupy.cuda.runtime.memGetInfo()[1]}
    say(dict(session.found))


SANITIZER = ("--error-exitcode", "9", "--report-api-errors", "no", "--target-processes", "application-only")
"""The kernels are looked at, not what CuPy asks the driver, nor the processes that compute the reference."""


def sanitizer(session):
    """compute-sanitizer over a short identity run, tool by tool."""
    tool = shutil.which("compute-sanitizer")
    if not session.on_gpu or tool is None:
        session.found["skipped"] = "needs a GPU and compute-sanitizer"
        return
    found = session.found
    for name in ("memcheck", "racecheck", "synccheck", "initcheck"):
        if session.left_s() < 20:
            found[name] = "skipped: no time left"
            continue
        folder = str(session.plans[plans.MAIN].parent)
        checked = [sys.executable, __file__, "--plans", folder, "--only", "summaries", "--quick", "--no-pool"]
        command = [tool, "--tool", name, *SANITIZER, *checked]
        done = finished([*command, "-o", str(Path(tempfile.mkdtemp()) / "record.json")], min(90.0, session.left_s()))
        if done is None:
            found[name] = "ran out of time"
        else:
            found[name] = {"exit": done.returncode, "output": (done.stdout + done.stderr)[-600:]}
            session.expect(done.returncode == 0, f"compute-sanitizer {name} ends with {done.returncode}")
        say(name, found[name])


PROFILED = ("SpeedOfLight", "LaunchStats", "Occupancy", "ComputeWorkloadAnalysis", "MemoryWorkloadAnalysis", "WarpStateStats")


def profile(session):
    """What Nsight Compute says of one launch of each kernel; the whole of it beside the record. Clocks are left as they are."""
    tool = shutil.which("ncu")
    if not session.on_gpu or tool is None:
        session.found["skipped"] = "needs a GPU and ncu"
        return
    asked = [word for name in PROFILED for word in ("--section", name)]
    kernels = ["--kernel-name", "regex:^(run|centre|count_cells)$", "--launch-count", "3"]
    profiled = [sys.executable, __file__, "--plans", str(session.plans[plans.MAIN].parent), "--only", "one launch"]
    target = session.output.with_suffix(".ncu.txt")
    command = [tool, "--clock-control", "none", *asked, *kernels, *profiled, "-o", str(Path(tempfile.mkdtemp()) / "record.json")]
    done = finished(command, min(90.0, session.left_s()))
    if done is None:
        session.found["skipped"] = "ran out of time"
        return
    target.write_text(done.stdout + done.stderr, encoding="utf-8")
    session.found |= {"exit": done.returncode, "written to": target.name}
    wanted = (
        "Throughput",
        "Duration",
        "Registers Per",
        "Achieved Occupancy",
        "Hit Rate",
        "SM Busy",
        "Mem Busy",
        "void ",
        "run (",
    )
    say(*(line.rstrip() for line in done.stdout.splitlines() if any(word in line for word in wanted)), sep="\n    ")


SECTIONS = {
    "machine": machine,
    "summaries": identity.summaries,
    "kernels": speed.kernels,
    "whole runs": speed.whole_runs,
    "columns": identity.columns,
    "methods": identity.methods,
    "tests": tests,
    "ceilings": ceilings.ceilings,
    "share of peak": ceilings.share_of_peak,
    "profile": profile,
    "rivals": rivals.rivals,
    "geometry": speed.geometry,
    "models": speed.models,
    "texts": variants.texts,
    "launch sizes": speed.launch_sizes,
    "memory": memory,
    "sanitizer": sanitizer,
}
"""In order of what would be missed most."""

ALONE = {"one launch": speed.one_launch}
"""Run only if asked for: what `profile` looks at."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--save-plans", nargs="*", metavar="NAME", help="compile every scenario, or these, into bench/plans/, and end"
    )
    parser.add_argument("--plans", type=Path, default=plans.FOLDER, help="folder of saved plans, else bench/plans/")
    parser.add_argument("--device", choices=("gpu", "host"), default="gpu", help="host: a dry run")
    parser.add_argument("--only", nargs="+", choices=[*SECTIONS, *ALONE], help="these sections alone")
    parser.add_argument("--quick", action="store_true", help="as little as shows that it works")
    parser.add_argument("--no-pool", action="store_true", help="an allocation for each array, whose ends a sanitizer then sees")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="when to stop beginning sections")
    parser.add_argument("-o", "--output", type=Path, default=RECORD)
    options = parser.parse_args()
    if options.save_plans is not None:
        for path in plans.save(options.plans, options.save_plans):
            print(path, path.stat().st_size)
        return
    saved = plans.saved(options.plans)
    if not saved:
        sys.exit(f"{options.plans} holds no plan. Where simcost is installed: python bench/gpu_suite.py --save-plans")
    if options.no_pool:
        import cupy

        cupy.cuda.set_allocator(None)
    session = Session(saved, options.output, options.seconds, options.quick, options.device == "gpu")
    for name in options.only or SECTIONS:
        session.run(name, (SECTIONS | ALONE)[name], math.inf if options.only else LIMITS_S.get(name, LIMIT_S))
    print(f"written to {options.output}; " + ("WRONG:" if session.wrong else "all is as it must be"), *session.wrong, sep="\n")
    sys.exit(bool(session.wrong))


if __name__ == "__main__":
    main()

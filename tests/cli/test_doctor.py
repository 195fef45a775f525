"""``simcost doctor`` finds what is wrong with an installation and prints the line that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.places import RECOMMENDER

from simcost.engine.preparation.cuda_driver import CudaDriver, answers, cuda_driver
from simcost.engine.preparation.cuda_installation import cupy_wheels, readiness
from simcost.report.installation import REQUIRED, cuda_backend, problems

HEALTHY = dict.fromkeys(REQUIRED, "1.0")
DRIVER_12 = CudaDriver(major=12, devices=1)
DRIVER_13 = CudaDriver(major=13, devices=2)


def test_it_tells_versions_back_ends_and_the_machine(call) -> None:
    result = call("doctor")
    assert result.exit_code == 0
    assert f"simcost {version('simcost')}, Python " in result.stdout
    assert f"numpy            {version('numpy')}" in result.stdout
    assert "reference        runs" in result.stdout
    assert result.stderr == ""


def test_the_document_has_the_same(call) -> None:
    document = answered(call, "doctor")
    assert document["schema"] == "simcost/doctor/1"
    assert document["libraries"]["numpy"] == version("numpy")
    assert [backend["name"] for backend in document["backends"]] == ["reference", "cpu", "cuda"]
    assert document["machine"]["cores"] >= 1
    assert document["machine"]["free_disk_bytes"] > 0


def test_what_runs_any_model_is_compiled_ahead_once(call, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    compiled: list[str] = []
    monkeypatch.setattr(
        "simcost_kernels.backends.cpu.ahead.is_compiled", lambda _plan, *, interpreter: interpreter and bool(compiled)
    )
    monkeypatch.setattr(
        "simcost.engine.preparation.ahead.kernel_for", lambda _plan, name, **how: compiled.append(f"{name} {how['interpreter']}")
    )
    assert "what runs any model is not compiled yet" in call("doctor").stdout
    assert "what runs any model is compiled" in call("doctor", "--compile", "-q").stdout
    assert answered(call, "doctor")["compiled"]
    assert compiled == ["cpu True"]


@pytest.mark.parametrize(("folder", "says"), [("/dev/null/cache", "no cache folder"), ("", "could not be kept")])
def test_what_cannot_be_kept_is_one_line_and_no_success(call, monkeypatch, tmp_path, folder, says) -> None:
    monkeypatch.setenv("SIMCOST_CACHE", folder or str(tmp_path))
    monkeypatch.setattr("simcost.engine.preparation.ahead.kernel_for", lambda *_, **__: None)
    result = call("doctor", "--compile")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_after_compiling_ahead_no_answer_compiles_anything(call, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    recommender = str(RECOMMENDER)
    assert "Compiling what runs any model first" in call("doctor", "--compile").stderr
    there = set(tmp_path.rglob("*.nbc"))
    for words in ("budget", "compare"):
        assert "cpu on numba" in call(words, recommender, "-n", "500_000", "--set", 'sampling.method="random"').stdout
    assert there
    assert set(tmp_path.rglob("*.nbc")) == there


def test_a_back_end_that_does_not_run_says_why(call) -> None:
    backends = answered(call, "doctor")["backends"]
    assert [backend for backend in backends if backend["runs"] == bool(backend["reason"])] == []


def test_a_healthy_installation_has_no_problem() -> None:
    assert problems(HEALTHY) == ()


def test_two_wheels_of_cupy_are_found_and_mended() -> None:
    (problem,) = problems(HEALTHY | {"cupy-cuda12x": "14.0", "cupy-cuda13x": "14.0"})
    assert problem.startswith("2 distributions install the package cupy over each other: cupy-cuda12x, cupy-cuda13x.")
    assert problem.endswith('pip uninstall -y cupy-cuda12x cupy-cuda13x && pip install "simcost[cuda12]"')


def test_a_missing_library_is_found() -> None:
    (problem,) = problems({name: each for name, each in HEALTHY.items() if name != "h5py"})
    assert problem.startswith("not installed: h5py.")


def test_every_distribution_of_cupy_is_recognised() -> None:
    installed = {"cupy": "1", "cupy-cuda12x": "1", "cupy-rocm-5-0": "1", "cupy-xarray": "1", "numpy": "1"}
    assert cupy_wheels(installed) == ["cupy", "cupy-cuda12x", "cupy-rocm-5-0"]


@pytest.mark.parametrize(
    ("wheels", "driver", "reason", "remedy"),
    [
        ([], CudaDriver(reason="no CUDA driver is installed"), "no CUDA driver is installed", ""),
        ([], DRIVER_12, "CuPy is not installed", 'pip install "simcost[cuda12]"'),
        ([], DRIVER_13, "CuPy is not installed", 'pip install "simcost[cuda13]"'),
        (
            ["cupy-cuda13x"],
            DRIVER_12,
            "the driver is for CUDA 12, CuPy is built for 13",
            'pip uninstall -y cupy-cuda13x && pip install "simcost[cuda12]"',
        ),
        (
            ["cupy-cuda12x", "cupy-cuda13x"],
            DRIVER_13,
            "2 distributions install the package cupy over each other: cupy-cuda12x, cupy-cuda13x",
            'pip uninstall -y cupy-cuda12x cupy-cuda13x && pip install "simcost[cuda13]"',
        ),
    ],
)
def test_cuda_that_does_not_run_says_why_and_what_to_do(wheels: list[str], driver: CudaDriver, reason: str, remedy: str) -> None:
    backend = cuda_backend(readiness(dict.fromkeys(wheels, "14.0"), driver))
    assert (backend.runs, backend.reason, backend.remedy) == (False, reason, remedy)


def test_cuda_runs_where_all_is_there() -> None:
    assert cuda_backend(readiness({"cupy-cuda12x": "14.0"}, DRIVER_12)).runs
    assert cuda_backend(readiness({"cupy-cuda12x": "14.0"}, DRIVER_13)).runs


def test_asking_the_driver_never_fails() -> None:
    driver = cuda_driver()
    assert bool(driver.reason) == (driver.devices == 0 or driver.major < 12)


@dataclass
class Library:
    """A driver's library that says what it is told to say; pointers as ctypes passes them."""

    status: int = 0
    version: int = 12040
    devices: int = 1
    refusal: int = 0

    def cuInit(self, _flags: int) -> int:  # noqa: N802 - the driver's name
        return self.status

    def cuDriverGetVersion(self, version) -> int:  # noqa: N802 - the driver's name
        version._obj.value = self.version
        return self.refusal

    def cuDeviceGetCount(self, devices) -> int:  # noqa: N802 - the driver's name
        devices._obj.value = self.devices
        return self.refusal


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        (Library(), CudaDriver(12, 1)),
        (Library(version=13010, devices=4), CudaDriver(13, 4)),
        (Library(status=100), CudaDriver(reason="the CUDA driver finds no usable GPU (cuInit says 100)")),
        (Library(devices=0), CudaDriver(12, 0, "the CUDA driver finds no GPU")),
        (Library(refusal=1), CudaDriver(reason="the CUDA driver does not answer")),
        (Library(version=11080), CudaDriver(11, 1, "the driver is for CUDA 11; 12 or newer is wanted. Update the driver.")),
    ],
)
def test_the_drivers_answers_are_understood(library: Library, expected: CudaDriver) -> None:
    assert answers(library) == expected


def test_the_cache_folder_is_told_and_has_no_problem(call, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path / "new"))
    assert f"cache      0 MiB in {tmp_path / 'new'}\n" in call("doctor").stdout
    (tmp_path / "new" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "new" / "__pycache__" / "kernel_1.nbc").write_bytes(bytes(3 << 20))
    (tmp_path / "new" / "kernel_1.py").write_bytes(bytes(1_000))
    result = call("doctor")
    assert f"cache      3 MiB in {tmp_path / 'new'}\n" in result.stdout
    assert answered(call, "doctor")["cache_bytes"] == (3 << 20) + 1_000
    assert "the cache folder" not in result.stdout


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: (path.mkdir(), path.chmod(0o777)), "others may write there"),
        (lambda path: path.write_text("in its place"), "it is no folder"),
        (lambda path: (path.write_text("in its place"), path.parent / "cache" / "inner")[1], "Not a directory"),
    ],
    ids=["open to others", "a file", "within a file"],
)
def test_a_cache_folder_that_is_not_used_is_a_problem(call, tmp_path, monkeypatch, spoil, reason) -> None:
    path = tmp_path / "cache"
    path = inner if isinstance(inner := spoil(path), Path) else path
    monkeypatch.setenv("SIMCOST_CACHE", str(path))
    (problem,) = (line for line in call("doctor").stdout.splitlines() if "cache folder" in line)
    assert problem.startswith(f"problem: the cache folder {path} is not used: {reason}. Name another folder in SIMCOST_CACHE;")

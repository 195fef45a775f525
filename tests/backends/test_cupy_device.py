"""The GPU through CuPy, with a CuPy that records what it is asked: there is no GPU where tests run."""

import importlib
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

OUT_OF_MEMORY, ILLEGAL_ADDRESS, NO_DEVICE = 2, 700, 100


class Status(RuntimeError):
    def __init__(self, status):
        super().__init__(f"status {status}")
        self.status = status


class Refused(Exception):
    """What CuPy raises for a text that NVRTC refuses: no RuntimeError."""


class Array(np.ndarray):
    """A NumPy array with the few things that CuPy's have besides."""

    @property
    def data(self):
        def memset_async(byte, nbytes):
            self.view(np.ndarray).reshape(-1).view(np.uint8)[:nbytes] = byte

        return SimpleNamespace(ptr=self.ctypes.data, memset_async=memset_async)

    def get(self):
        return np.array(self)


class FakeCuPy:
    """What `cupy_device` uses of CuPy; ``events`` records the order."""

    def __init__(self, devices=1, refusal=None):
        self.events, self.devices, self.refusal = [], devices, refusal
        self.fails_with = None
        errors = SimpleNamespace(CUDARuntimeError=Status, getDeviceCount=self._count, getDeviceProperties=self._properties)
        driver = SimpleNamespace(CUDADriverError=type("CUDADriverError", (Status,), {}))
        compiler = SimpleNamespace(CompileException=Refused)
        self.cuda = SimpleNamespace(
            runtime=errors, driver=driver, compiler=compiler, Device=self._scope("device"), Stream=self._stream
        )

    def _count(self):
        if self.refusal:
            raise Status(self.refusal)
        return self.devices

    def _properties(self, number):
        return {"name": f"GPU {number}".encode()}

    def _scope(self, kind):
        events = self.events

        class Scope:
            def __init__(self, number=None):
                self.number = number

            def __enter__(self):
                events.append(f"enter {kind}")

            def __exit__(self, *_):
                events.append(f"leave {kind}")

            def synchronize(self):
                events.append("synchronize")

        return Scope

    def _stream(self, *, non_blocking):
        assert non_blocking
        return self._scope("stream")()

    def RawModule(self, *, code, options):  # noqa: N802 - CuPy's name
        self.events.append(("compile", code, options))
        return SimpleNamespace(compile=self._compile, get_function=self._function)

    def _compile(self):
        if self.fails_with:
            raise self.fails_with

    def _function(self, name):
        self.events.append(("get", name))

        def call(grid, block, arguments):
            if self.fails_with:
                raise self.fails_with
            self.events.append(("launch", name, grid, block, arguments))

        return call

    def get_default_memory_pool(self):
        return SimpleNamespace(free_all_blocks=lambda: self.events.append("free"))

    def empty(self, shape, dtype):
        return np.empty(shape, dtype).view(Array)

    def asarray(self, array):
        return array.copy().view(Array)


@contextmanager
def imported(cupy):
    """The module as it is with that CuPy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cupy", cupy)
        patch.delitem(sys.modules, "simcost_kernels.backends.cuda.cupy_device", raising=False)
        yield importlib.import_module("simcost_kernels.backends.cuda.cupy_device")
        del sys.modules["simcost_kernels.backends.cuda.cupy_device"]


def test_every_gpu_has_its_queues_gpus_in_turn():
    with imported(FakeCuPy(devices=2)) as module:
        assert [device.name for device in module.gpus(2)] == ["GPU 0", "GPU 1", "GPU 0", "GPU 1"]


@pytest.mark.parametrize("cupy", [FakeCuPy(devices=0), FakeCuPy(refusal=NO_DEVICE)])
def test_no_gpu_is_said_so(cupy):
    with imported(cupy) as module, pytest.raises(RuntimeError, match="CuPy finds no GPU"):
        module.gpus(1)


def test_nothing_is_fused():
    cupy = FakeCuPy()
    with imported(cupy) as module:
        module.CupyDevice(0).load("text")
    ((_, code, options),) = [event for event in cupy.events if event[0] == "compile"]
    assert code == "text"
    assert "--fmad=false" in options


def test_a_kernel_is_looked_up_once_and_launched_with_what_it_is_given():
    cupy = FakeCuPy()
    with imported(cupy) as module:
        loaded = module.CupyDevice(0).load("text")
        for _ in range(2):
            loaded.launch("run", 3, 64, np.uint64(5))
    assert cupy.events[-3:] == [("get", "run"), *[("launch", "run", (3,), (64,), (np.uint64(5),))] * 2]


@pytest.mark.parametrize("made", ["empty", "filled", "upload"])
def test_no_room_for_an_array_is_a_memory_error_whoever_allocates(monkeypatch, made):
    """CuPy without its pool lets the runtime's error through."""
    cupy = FakeCuPy()
    arguments = {"empty": ((3,), float), "filled": ((3,), float, 0), "upload": (np.zeros(3),)}[made]

    def refuse(*_):
        raise cupy.cuda.runtime.CUDARuntimeError(OUT_OF_MEMORY)

    monkeypatch.setattr(cupy, "empty", refuse)
    monkeypatch.setattr(cupy, "asarray", refuse)
    with imported(cupy) as module, pytest.raises(MemoryError):
        getattr(module.CupyDevice(0), made)(*arguments)


@pytest.mark.parametrize("kind", ["CUDARuntimeError", "CUDADriverError"])
def test_no_room_for_a_launch_is_a_memory_error_and_nothing_else_is(kind):
    cupy = FakeCuPy()
    with imported(cupy) as module:
        loaded = module.CupyDevice(0).load("text")
        error = getattr(cupy.cuda.runtime if kind == "CUDARuntimeError" else cupy.cuda.driver, kind)
        cupy.fails_with = error(OUT_OF_MEMORY)
        with pytest.raises(MemoryError):
            loaded.launch("run", 1, 1)
        cupy.fails_with = error(ILLEGAL_ADDRESS)
        with pytest.raises(error):
            loaded.launch("run", 1, 1)


def test_a_text_that_is_refused_names_the_gpu_and_the_reason():
    cupy = FakeCuPy()
    cupy.fails_with = Refused("kernel.cu:3: error: no such thing")
    with imported(cupy) as module, pytest.raises(RuntimeError, match=r"for GPU 0: kernel\.cu:3: error"):
        module.CupyDevice(0).load("text")


def test_arrays_go_there_and_back():
    with imported(FakeCuPy()) as module:
        device = module.CupyDevice(0)
        uploaded = device.upload(np.arange(5.0))
        assert np.array_equal(device.fetch(uploaded), np.arange(5.0))
        assert device.address(uploaded) == uploaded.ctypes.data
        assert (device.fetch(device.filled((2, 3), np.int32, 0xFF)) == -1).all()


def test_memory_is_given_back_once_the_queue_is_done_and_on_its_own_gpu():
    cupy = FakeCuPy()
    with imported(cupy) as module:
        module.CupyDevice(0).free()
    assert cupy.events[-4:] == ["enter device", "synchronize", "free", "leave device"]


def test_work_is_done_on_its_gpu_and_in_its_stream():
    cupy = FakeCuPy()
    with imported(cupy) as module, module.CupyDevice(0).active():
        cupy.events.append("work")
    assert cupy.events[-5:] == ["enter device", "enter stream", "work", "leave stream", "leave device"]

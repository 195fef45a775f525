"""A GPU through CuPy: the only file that imports it. CuPy compiles by NVRTC and keeps what it has compiled, in its own folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cupy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import DTypeLike, NDArray

    from simcost_kernels.backends.cuda.device import Buffer

OPTIONS = ("--fmad=false", "--std=c++14")
"""No multiplication is fused with an addition: that would round once instead of twice, and give other bits."""

_OUT_OF_MEMORY = 2
"""cudaErrorMemoryAllocation and CUDA_ERROR_OUT_OF_MEMORY: said where a launch or a module finds no room."""


def gpus(queues: int) -> list[CupyDevice]:
    """Return so many queues of work for every GPU, GPUs in turn.

    Raises
    ------
    RuntimeError
        If there is none that CuPy can use.
    """
    try:
        count = int(cupy.cuda.runtime.getDeviceCount())
    except cupy.cuda.runtime.CUDARuntimeError as error:
        message = f"CuPy finds no GPU: {error}"
        raise RuntimeError(message) from error
    if not count:
        message = "CuPy finds no GPU"
        raise RuntimeError(message)
    return [CupyDevice(number) for _ in range(queues) for number in range(count)]


class CupyModule:
    """A translation unit on one GPU."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._functions: dict[str, Any] = {}

    def launch(self, kernel: str, groups: int, threads: int, *arguments: Buffer | np.uint64) -> None:
        """Start a kernel in the thread's current queue."""
        with _memory_errors():
            self._function(kernel)((groups,), (threads,), arguments)

    def attributes(self, kernel: str) -> dict[str, int]:
        """Return what the driver says of a kernel: registers, local and shared memory."""
        return dict(self._function(kernel).attributes)

    def _function(self, kernel: str) -> Any:
        if kernel not in self._functions:
            self._functions[kernel] = self._module.get_function(kernel)
        return self._functions[kernel]


class CupyDevice:
    """A GPU and a CUDA stream of its own.

    Parameters
    ----------
    number
        Of the GPU, as the CUDA runtime counts them.
    """

    target = "cuda"

    def __init__(self, number: int) -> None:
        self._device = cupy.cuda.Device(number)
        with self._device:
            self._stream = cupy.cuda.Stream(non_blocking=True)
        self.name = cupy.cuda.runtime.getDeviceProperties(number)["name"].decode()

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make the GPU and the stream those of the calling thread."""
        with self._device, self._stream:
            yield

    def load(self, text: str) -> CupyModule:
        """Compile for this GPU, or fetch from CuPy's cache; a RuntimeError if the compiler refuses."""
        module = cupy.RawModule(code=text, options=OPTIONS)
        try:
            with _memory_errors():
                module.compile()
        except cupy.cuda.compiler.CompileException as error:
            message = f"NVRTC does not compile a kernel for {self.name}: {error}"
            raise RuntimeError(message) from error
        return CupyModule(module)

    def upload(self, array: NDArray[Any]) -> Buffer:
        """Copy an array to the GPU."""
        with _memory_errors():
            return cupy.asarray(array)

    def filled(self, shape: tuple[int, ...], dtype: DTypeLike, byte: int) -> Buffer:
        """Make an array all of whose bytes are equal."""
        array = self.empty(shape, dtype)
        array.data.memset_async(byte, array.nbytes)
        return array

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> Buffer:
        """Make an array of anything."""
        with _memory_errors():
            return cupy.empty(shape, dtype)

    def address(self, buffer: Buffer) -> int:
        """Return where an array lies."""
        return int(buffer.data.ptr)

    def fetch(self, buffer: Buffer) -> NDArray[Any]:
        """Copy an array from the GPU, once everything launched before is done."""
        fetched: NDArray[Any] = buffer.get()
        return fetched

    def free(self) -> None:
        """Give the memory back that CuPy holds ready on this GPU."""
        with self._device:
            self._stream.synchronize()
            cupy.get_default_memory_pool().free_all_blocks()


@contextmanager
def _memory_errors() -> Iterator[None]:
    """Raise a MemoryError where the driver says that there is no room, as CuPy's own pool does."""
    try:
        yield
    except (cupy.cuda.runtime.CUDARuntimeError, cupy.cuda.driver.CUDADriverError) as error:
        if error.status != _OUT_OF_MEMORY:
            raise
        raise MemoryError(str(error)) from error

"""Every test here runs on every back end: add one to the list and it has to give the same bits."""

import pytest
from tests.backends.host_device import HostCudaKernel, needs_compiler

from simcost_kernels.backends.cpu import CpuKernel, InterpreterKernel
from simcost_kernels.backends.reference import ReferenceKernel

BACKENDS = [
    pytest.param(ReferenceKernel, id="reference"),
    pytest.param(CpuKernel, id="cpu"),
    pytest.param(InterpreterKernel, id="interpreter"),
    pytest.param(HostCudaKernel, id="host-cuda", marks=needs_compiler),
]


@pytest.fixture(params=BACKENDS)
def kernel_class(request):
    """The class that makes a kernel of a plan."""
    return request.param

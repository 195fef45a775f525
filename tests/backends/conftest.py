"""Every test here runs on every back end: add one to the list and it has to give the same bits."""

import pytest

from simcost_kernels.backends.reference import ReferenceKernel


@pytest.fixture(params=[ReferenceKernel], ids=["reference"])
def kernel_class(request):
    """The class that makes a kernel of a plan."""
    return request.param

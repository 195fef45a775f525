import numpy as np
import pytest

from simcost_kernels.system.aligned import LINE, aligned_copy, aligned_empty


@pytest.mark.parametrize("shape", [(1,), (3, 5), (73, 65_536)])
def test_an_array_begins_a_cache_line(shape):
    arrays = [aligned_empty(shape) for _ in range(5)]
    assert all(array.ctypes.data % LINE == 0 for array in arrays)
    assert all(array.shape == shape and array.flags.c_contiguous for array in arrays)


def test_a_copy_has_the_values():
    values = np.arange(24.0)[1:].reshape(23, 1)
    copy = aligned_copy(values)
    assert np.array_equal(copy, values)
    assert copy.ctypes.data % LINE == 0

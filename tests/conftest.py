"""What holds for every test."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """Compile kernels into a folder of this session, commands that tests start included: the user's cache is left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMCOST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield

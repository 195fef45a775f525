"""The random words against Random123's known answers and an independent implementation."""

import numpy as np
import pytest
import randomgen
from tests.unit.kernels.known_answers import KNOWN_ANSWERS

from simcost_kernels.draws.philox import HALF, WORD, philox, uniform
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.draws.stream import stream_id


def words_of(counter: int, n: int, key: int) -> np.ndarray:
    """Our words of n consecutive 128-bit counters, in order, with carries through all four words."""
    low = counter & (2**64 - 1)
    ahead = np.arange(n, dtype=np.uint64)
    c01 = np.uint64(low) + ahead  # wraps
    c23 = np.uint64((counter >> 64) & (2**64 - 1)) + (c01 < np.uint64(low)).astype(np.uint64)
    words = philox(c01 & WORD, c01 >> HALF, c23 & WORD, c23 >> HALF, np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32))
    return np.stack(words, axis=1).ravel()


def independent_words(counter: int, n: int, key: int) -> np.ndarray:
    """The same from randomgen, which steps its counter before each call."""
    start = (counter - 1) % 2**128
    return randomgen.Philox(counter=start, key=key, number=4, width=32).random_raw(4 * n)


@pytest.mark.parametrize("line", KNOWN_ANSWERS.strip().splitlines())
def test_known_answers_of_ten_rounds(line):
    words = [np.uint64(int(word, 16)) for word in line.split()]
    assert list(philox(*words[:6])) == words[6:]


def test_arrays_and_scalars_give_the_same_words():
    scenario = np.arange(1000, dtype=np.uint64)
    fixed = np.uint64(3), np.uint64(77), np.uint64(5), np.uint64(1), np.uint64(2)
    together = np.stack(philox(scenario, *fixed))
    apart = np.array([philox(each, *fixed) for each in scenario]).T
    assert np.array_equal(together, apart)


@pytest.mark.parametrize("counter", [0, 2**32 - 5_000, 2**64 - 5_000, 2**96 - 5_000, 2**128 - 5_000])
def test_words_equal_an_independent_implementation_across_every_carry(counter):
    key = 0x1234567890ABCDEF
    assert np.array_equal(words_of(counter, 10_000, key), independent_words(counter, 10_000, key))


@pytest.mark.slow
def test_a_hundred_million_words_equal_an_independent_implementation():
    key, chunk = 20270101, 250_000
    for start in range(0, 25_000_000, chunk):
        assert np.array_equal(
            words_of(2**32 - 12_500_000 + start, chunk, key), independent_words(2**32 - 12_500_000 + start, chunk, key)
        )


def test_uniforms_follow_the_keying_of_the_design():
    seed, stream, first, n = 0xFEDCBA9876543210, stream_id("gpu_price"), 2**32 - 3, 6
    for period in (0, 1, 6, 7):
        got = uniforms(seed, stream, period, first, n)
        for lane, scenario in enumerate(range(first, first + n)):
            counter = scenario | stream << 64 | (period // 2) << 96
            words = [int(word) for word in independent_words(counter, 1, seed)]
            high, low = words[2:] if period % 2 else words[:2]
            assert got[lane] == ((high << 20 | low >> 12) + 0.5) * 2.0**-52


def test_stream_of_a_name_is_the_head_of_its_sha256():
    assert stream_id("abc") == 0xBA7816BF  # FIPS 180-2, example B.1
    assert stream_id("利用率") != stream_id("利用率 ")


def test_uniforms_lie_strictly_inside_and_so_do_their_complements():
    ends = uniform(np.array([0, 0xFFFFFFFF], dtype=np.uint64), np.array([0, 0xFFFFFFFF], dtype=np.uint64))
    assert ends.tolist() == [2.0**-53, 1.0 - 2.0**-53]
    assert (1.0 - ends).tolist() == [1.0 - 2.0**-53, 2.0**-53]

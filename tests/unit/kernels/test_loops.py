"""How steps between operations on rows become loops over the lanes."""

from simcost_kernels.codegen.stages import LONGEST_LOOP, OPERATIONS, stages
from simcost_kernels.plan import Step


def chains(count: int, length: int) -> dict[int, Step]:
    """Sums of so many terms each, beside each other, that the last step of all adds up."""
    steps = {}
    for chain in range(count):
        for place in range(length):
            number = place * count + chain  # the order of a file: one line of every chain after the other
            steps[number] = Step("add", (f"v{number - count}" if place else "p0", "p1"))
    return steps


def test_what_is_no_longer_than_a_loop_may_be_is_one_loop_in_its_own_order():
    steps = chains(5, LONGEST_LOOP // 5)
    (only,) = stages(steps, ())
    assert only.steps == tuple(steps)


def test_a_longer_one_is_cut_evenly_and_each_value_is_made_before_it_is_used():
    steps = chains(30, 60)
    loops = stages(steps, ())
    assert len(loops) == -(-len(steps) // LONGEST_LOOP)
    assert max(len(loop.steps) for loop in loops) - min(len(loop.steps) for loop in loops) <= 1
    done = set()
    for number in [n for loop in loops for n in sorted(loop.steps)]:
        assert done.issuperset(steps[number].values())
        done.add(number)
    assert done == set(steps)


def test_a_cut_leaves_chains_whole_so_that_few_values_go_from_loop_to_loop():
    steps = chains(30, 60)
    loops = stages(steps, ())
    handed_on = sum(len({n for step in loop.steps for n in steps[step].values()} - set(loop.steps)) for loop in loops)
    assert handed_on <= len(loops) - 1


def test_functions_count_for_what_they_take():
    exponentials = {n: Step("exp", ("p0",)) for n in range(2 * LONGEST_LOOP // OPERATIONS["exp"])}
    assert len(stages(exponentials, ())) == 2

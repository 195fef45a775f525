"""Normal quantiles that a GPU takes together: which of a plan's, and the text that takes them.

One uniform in thirty lies in a tail, which is twice the work of the centre, and two of three warps of 32 lanes have such a one
that all wait for. The tails of several uniforms a lane fill a warp: they are put into one row, and each lane computes one of
them (Billeter, Olsson, Assarsson 2009, "Efficient stream compaction on wide SIMD many-core architectures"). The centre is
computed for all of them side by side: a constant is fetched once, and no operation waits for the one before.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from simcost_kernels.functions.elementary import NORMAL_CENTRE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcost_kernels.plan import Plan, Step

MOST_TOGETHER = 5
"""Uniforms a lane: of 160 some five lie in a tail, and practically never more than the 32 of one round."""

TEXT = f"""
/* Several numbers: every operation is done on each of them. */
template <int N> struct Several {{
  double of[N];
  Several() = default;
  SIMCOST_MEMBER Several(double x) {{ for (int i = 0; i < N; ++i) of[i] = x; }}
  friend SIMCOST_MEMBER Several operator+(Several a, Several b) {{ for (int i = 0; i < N; ++i) a.of[i] += b.of[i]; return a; }}
  friend SIMCOST_MEMBER Several operator-(Several a, Several b) {{ for (int i = 0; i < N; ++i) a.of[i] -= b.of[i]; return a; }}
  friend SIMCOST_MEMBER Several operator*(Several a, Several b) {{ for (int i = 0; i < N; ++i) a.of[i] *= b.of[i]; return a; }}
  friend SIMCOST_MEMBER Several operator/(Several a, Several b) {{
    for (int i = 0; i < N; ++i) a.of[i] = quotient(a.of[i], b.of[i]);
    return a;
  }}
}};
template <class... Numbers> SIMCOST_FUNCTION Several<sizeof...(Numbers)> several(Numbers... x) {{
  const double given[] = {{x...}};
  Several<sizeof...(Numbers)> all;
  for (int i = 0; i < (int)sizeof...(Numbers); ++i) all.of[i] = given[i];
  return all;
}}

SIMCOST_FUNCTION bool in_tail(double u) {{ return !(fabs(u - 0.5) <= {NORMAL_CENTRE!r}); }}

#ifdef __CUDACC__
/* A warp's uniforms in a tail, each in its lane's column, and a row of where they are. */
__shared__ double tails_of[FIRST(LAUNCH_BOUNDS) / 32][32 * {MOST_TOGETHER}];
__shared__ unsigned char tails_in[FIRST(LAUNCH_BOUNDS) / 32][32 * {MOST_TOGETHER}];
#endif
/* Normal quantiles. All lanes of a warp come here at once, and each computes tails whoever has drawn them. */
template <int N> SIMCOST_FUNCTION Several<N> normal_quantiles(Several<N> u) {{
  Several<N> z = _normal_centre(u);
#ifdef __CUDACC__
  const u32 lane = threadIdx.x % 32;
  double *of = tails_of[threadIdx.x / 32];
  unsigned char *in = tails_in[threadIdx.x / 32];
  u32 tails = 0;
  for (int i = 0; i < N; ++i) {{
    const u32 lanes = __ballot_sync(~0u, in_tail(u.of[i]));
    if (in_tail(u.of[i])) {{
      of[32 * i + lane] = u.of[i];
      in[tails + __popc(lanes & ((1u << lane) - 1))] = (unsigned char)(32 * i + lane);
    }}
    tails += __popc(lanes);
  }}
  __syncwarp();
#pragma unroll 1
  for (u32 i = lane; i < tails; i += 32) of[in[i]] = _normal_tail(of[in[i]]);
  __syncwarp();
  for (int i = 0; i < N; ++i) if (in_tail(u.of[i])) z.of[i] = of[32 * i + lane];
  __syncwarp();  /* before they are filled anew */
#else
  for (int i = 0; i < N; ++i) if (in_tail(u.of[i])) z.of[i] = _normal_tail(u.of[i]);
#endif
  return z;
}}
"""


def taken_ahead(plan: Plan) -> frozenset[int]:
    """Return the monthly normal quantiles whose uniform nothing else uses: both months of a pair are taken when it is drawn."""
    if plan.sampling.method != "random":  # a uniform is placed in its own month
        return frozenset()
    steps = plan.numbered()["month"]
    uses = Counter(operand for step in (*plan.month, *plan.final) for operand in step.args)
    uses.update((*(output.value for output in plan.outputs), *(state.next for state in plan.state)))
    normals = (n for batch in together(steps, steps) for n in batch)
    return frozenset(n for n in normals if uses[steps[n].args[0]] == 1)


def together(steps: Mapping[int, Step], order: Iterable[int], most: int = MOST_TOGETHER) -> tuple[tuple[int, ...], ...]:
    """Return the normal quantiles of uniforms drawn in the same section, in batches of much the same size.

    Parameters
    ----------
    steps
        Of a section, by the number of their value.
    order
        Numbers of steps, as they are printed; only these are looked at.
    most
        Quantiles of a batch.
    """
    normals = [n for n in order if steps[n].op == "normal_quantile" and _is_draw(steps, steps[n])]
    count = -(-len(normals) // most)
    ends = [len(normals) * i // count for i in range(count + 1)] if count else []
    return tuple(tuple(normals[begin:end]) for begin, end in pairwise(ends))


def _is_draw(steps: Mapping[int, Step], step: Step) -> bool:
    """Tell whether a step's only value is drawn in the same section."""
    return all(number in steps and steps[number].op == "draw" for number in step.values()) and bool(step.values())

"""What a device serves by the size of its model, where nothing was measured: the roofline of its operations and its memory.

A step takes as long as its operations at the achieved share of the peak, or as its bytes at the achieved share of the bandwidth,
whichever is longer (Williams, Waterman, Patterson 2009, "Roofline", Communications of the ACM 52 (4)). Forward, a parameter costs
two operations a token or item (Kaplan et al. 2020, arXiv 2001.08361, table 1). A prompt takes operations alone; each token of an
answer reads the weights, shared by the batch, and its own key-value cache (Pope et al. 2022, arXiv 2211.05102, section 2). What
attention itself computes is left out: it is small beside the parameters until prompts are very long, and then in ``error``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.bounds import AT_LEAST_ONE, POSITIVE, SOME_SHARE
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

OPERATIONS = 2
"""A parameter and token or item: one multiplication, one addition."""


class ServingTable(Table):
    """A model from whose size follows what a device serves: a language model by its tokens, a ranking model by its items."""

    parameters: Annotated[
        Value, number("Parameters that a token or an item passes.", "14e9 parameter", unit="parameter", bounds=POSITIVE)
    ]
    weights: Annotated[
        Value,
        number(
            "Parameters that a step reads, if more: all experts of a mixture.",
            "56e9 parameter",
            unit="parameter",
            bounds=POSITIVE,
        ),
    ] = None
    precision: Annotated[Value, number("Size of one.", "1 B/parameter", unit="B/parameter", bounds=POSITIVE)]
    prompt: Annotated[Value, number("Tokens of a prompt.", "900 to 1_400 token/request", unit="token/request")] = None
    answer: Annotated[Value, number("Tokens of an answer.", "150 to 400 token/request", unit="token/request")] = None
    kv_cache: Annotated[Value, number("Key-value cache of a token.", "160 kB/token", unit="B/token")] = None
    items: Annotated[Value, number("Items that a request has scored.", "400 item/request", unit="item/request")] = None
    embeddings: Annotated[Value, number("Embeddings that an item reads.", "50 kB/item", unit="B/item")] = None
    batch: Annotated[
        Value, number("Requests that decode, or items that are scored, in one step.", 32, unit="1", bounds=AT_LEAST_ONE)
    ]
    peak: Annotated[Value, number("Peak operations of a device, in the precision used.", "989e12 FLOP/s/GPU", bounds=POSITIVE)]
    achieved: Annotated[Value, number("Achieved share of them.", "35 to 45 to 60 %", unit="1", bounds=SOME_SHARE)]
    bandwidth: Annotated[Value, number("Peak bandwidth of a device's memory.", "3.35 TB/s/GPU", bounds=POSITIVE)]
    achieved_bandwidth: Annotated[Value, number("Achieved share of it.", "50 to 65 to 80 %", unit="1", bounds=SOME_SHARE)]
    error: Annotated[
        Value, number("Measured throughput over that of the formula.", "0.6 to 0.9 to 1.1", unit="1", bounds=POSITIVE)
    ] = None


def model_throughput(model: ServingTable, device: str, pool: Writer) -> str | None:
    """Write what one device serves at full load, in requests by clock time; findings and None if it cannot be told."""
    of = _kind(model, pool)
    if of is None:
        return None
    operations = pool.constant(f"operations_of_{of}", f"{OPERATIONS} FLOP/parameter/{of}")
    parameters = pool.value("model", "parameters")
    peak = pool.value("model", "peak", unit=f"FLOP/s/{device}")
    achieved = pool.value("model", "achieved")
    computing = pool.driver(f"{of}_computing", f"{operations} * {parameters} / ({peak} * {achieved})", "model")
    reading = _reading(of, parameters, device, pool)
    step = pool.driver(f"{of}_time", f"max({computing}, {reading})", "model")
    if of == "token":
        time = f"{pool.named('model_prompt')} * {computing} + {pool.named('model_answer')} * {step}"
    else:
        time = f"{pool.value('model', 'items')} * {step}"
    error = pool.value_or("1", "model", "error")
    return pool.driver("model_throughput", f"{error} / ({time})", "model")


def _kind(model: ServingTable, pool: Writer) -> Literal["token", "item"] | None:
    """Return what a step makes; findings and None if the keys of both kinds, or of none, are there."""
    tokens = [key for key in ("prompt", "answer", "kv_cache") if getattr(model, key) is not None]
    items = [key for key in ("items", "embeddings") if getattr(model, key) is not None]
    if tokens and items:
        what = f"{items[0]} of a model that has {tokens[0]}"
        pool.refuse(what, "Give prompt and answer, or items.", "model", items[0])
    elif "items" in items:
        return "item"
    elif "prompt" in tokens and "answer" in tokens:
        return "token"
    else:
        pool.refuse("a model whose requests have no size", "Give prompt and answer, or items.", "model")
    return None


def _reading(of: str, parameters: str, device: str, pool: Writer) -> str:
    """Write how long a device reads for one token or item: its part of the weights, and what is its own."""
    weights = pool.value_or(parameters, "model", "weights")
    read_in_a_step, passed = (pool.certain("model", key) for key in ("weights", "parameters"))
    if read_in_a_step is not None and passed is not None and read_in_a_step < passed:
        pool.refuse("fewer weights than a token passes", "Give all that a step reads, or leave weights out.", "model", "weights")
    precision = pool.value("model", "precision")
    batch = pool.value("model", "batch")
    read = f"{weights} * {precision} / ({batch} * {pool.constant(f'one_{of}', f'1 {of}')})"
    if of == "token":
        prompt, answer = (pool.value("model", key) for key in ("prompt", "answer"))
        if pool.has("model", "kv_cache"):
            cache = pool.value("model", "kv_cache")
            request = pool.constant("one_request_a_token", "1 request/token")
            read += f" + ({prompt} + {answer} / 2) * {cache} * {request}"
    elif pool.has("model", "embeddings"):
        read += f" + {pool.value('model', 'embeddings')}"
    bandwidth = pool.value("model", "bandwidth", unit=f"GB/s/{device}")
    achieved = pool.value("model", "achieved_bandwidth")
    return pool.driver(f"{of}_reading", f"({read}) / ({bandwidth} * {achieved})", "model")

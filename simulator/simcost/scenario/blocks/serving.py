"""What a device serves by the size of its model, where nothing was measured: the roofline of its operations and its memory.

A step takes as long as its operations at the achieved share of the peak, or as its bytes at the achieved share of the bandwidth,
whichever is longer (Williams, Waterman, Patterson 2009, "Roofline", Communications of the ACM 52 (4)). Forward, a parameter costs
two operations a token or item (Kaplan et al. 2020, arXiv 2001.08361, table 1). A prompt takes operations alone; each token of an
answer reads the weights, shared by the batch, and its own key-value cache (Pope et al. 2022, arXiv 2211.05102, section 2). What
attention itself computes is left out: it is small beside the parameters until prompts are very long, and then in ``error``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.table import Value
from simcost.scenario.bounds import AT_LEAST_ONE, NOT_NEGATIVE, POSITIVE, SOME_SHARE
from simcost.scenario.schema import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writer import Writer

OPERATIONS = 2
"""A parameter and token or item: one multiplication, one addition."""


class ServingTable(Table):
    """A model from whose size follows what a device serves: a language model by its tokens, a ranking model by its items."""

    parameters: Annotated[Value, Field(description="Parameters that a token or an item passes.", examples=["14e9 parameter"])]
    weights: Annotated[
        Value, Field(description="Parameters that a step reads, if more: all experts of a mixture.", examples=["56e9 parameter"])
    ] = None
    precision: Annotated[Value, Field(description="Size of one.", examples=["1 B/parameter"])]
    prompt: Annotated[Value, Field(description="Tokens of a prompt.", examples=["900 to 1_400 token/request"])] = None
    answer: Annotated[Value, Field(description="Tokens of an answer.", examples=["150 to 400 token/request"])] = None
    kv_cache: Annotated[Value, Field(description="Key-value cache of a token.", examples=["160 kB/token"])] = None
    items: Annotated[Value, Field(description="Items that a request has scored.", examples=["400 item/request"])] = None
    embeddings: Annotated[Value, Field(description="Embeddings that an item reads.", examples=["50 kB/item"])] = None
    batch: Annotated[Value, Field(description="Requests that decode, or items that are scored, in one step.", examples=[32])]
    peak: Annotated[
        Value, Field(description="Peak operations of a device, in the precision used.", examples=["989e12 FLOP/s/GPU"])
    ]
    achieved: Annotated[Value, Field(description="Achieved share of them.", examples=["35 to 45 to 60 %"])]
    bandwidth: Annotated[Value, Field(description="Peak bandwidth of a device's memory.", examples=["3.35 TB/s/GPU"])]
    achieved_bandwidth: Annotated[Value, Field(description="Achieved share of it.", examples=["50 to 65 to 80 %"])]
    error: Annotated[
        Value, Field(description="Measured throughput over that of the formula.", examples=["0.6 to 0.9 to 1.1"])
    ] = None


def model_throughput(model: ServingTable, device: str, pool: Writer) -> str | None:
    """Write what one device serves at full load, in requests by clock time; findings and None if it cannot be told."""
    of = _kind(model, pool)
    if of is None:
        return None
    operations = pool.constant(f"operations_of_{of}", f"{OPERATIONS} FLOP/parameter/{of}")
    parameters = pool.value("model", "parameters", unit="parameter", bounds=POSITIVE)
    peak = pool.value("model", "peak", unit=f"FLOP/s/{device}", bounds=POSITIVE)
    achieved = pool.value("model", "achieved", unit="1", bounds=SOME_SHARE)
    computing = pool.driver(f"{of}_computing", f"{operations} * {parameters} / ({peak} * {achieved})", "model")
    reading = _reading(of, parameters, device, pool)
    step = pool.driver(f"{of}_time", f"max({computing}, {reading})", "model")
    if of == "token":
        time = f"{pool.named('model_prompt')} * {computing} + {pool.named('model_answer')} * {step}"
    else:
        time = f"{_count('items', of, pool)} * {step}"
    error = f"{pool.value('model', 'error', unit='1', bounds=POSITIVE)} / " if pool.has("model", "error") else "1 / "
    return pool.driver("model_throughput", f"{error}({time})", "model")


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


def _count(key: str, of: str, pool: Writer) -> str:
    return pool.value("model", key, unit=f"{of}/request", bounds=NOT_NEGATIVE)


def _reading(of: str, parameters: str, device: str, pool: Writer) -> str:
    """Write how long a device reads for one token or item: its part of the weights, and what is its own."""
    weights = pool.value("model", "weights", unit="parameter", bounds=POSITIVE) if pool.has("model", "weights") else parameters
    read_in_a_step, passed = (pool.certain("model", key, unit="parameter") for key in ("weights", "parameters"))
    if read_in_a_step is not None and passed is not None and read_in_a_step < passed:
        pool.refuse("fewer weights than a token passes", "Give all that a step reads, or leave weights out.", "model", "weights")
    precision = pool.value("model", "precision", unit="B/parameter", bounds=POSITIVE)
    batch = pool.value("model", "batch", unit="1", bounds=AT_LEAST_ONE)
    read = f"{weights} * {precision} / ({batch} * {pool.constant(f'one_{of}', f'1 {of}')})"
    if of == "token":
        prompt, answer = (_count(key, of, pool) for key in ("prompt", "answer"))
        if pool.has("model", "kv_cache"):
            cache = pool.value("model", "kv_cache", unit="B/token", bounds=NOT_NEGATIVE)
            request = pool.constant("one_request_a_token", "1 request/token")
            read += f" + ({prompt} + {answer} / 2) * {cache} * {request}"
    elif pool.has("model", "embeddings"):
        read += f" + {pool.value('model', 'embeddings', unit='B/item', bounds=NOT_NEGATIVE)}"
    bandwidth = pool.value("model", "bandwidth", unit=f"GB/s/{device}", bounds=POSITIVE)
    achieved = pool.value("model", "achieved_bandwidth", unit="1", bounds=SOME_SHARE)
    return pool.driver(f"{of}_reading", f"({read}) / ({bandwidth} * {achieved})", "model")

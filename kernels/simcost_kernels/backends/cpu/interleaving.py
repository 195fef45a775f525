"""Loops over lanes that take several vectors side by side.

A polynomial is a chain in which every operation waits for the one before, and a processor overlaps the chains of successive
vectors only as far as its schedulers look ahead. Where several vectors advance together, their operations fill the gaps: `exp`
takes 0.6 of the time. LLVM counts each constant of a loop as a register taken and decides against it, so each ``for`` loop says
how many (LLVM Language Reference, ``llvm.loop.interleave.count``); a ``while`` loop says nothing. No bit depends on it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir as llvm
from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering


class LowerLoops(Lower):  # type: ignore[misc]  # numba ships no types
    """numba's own lowering; the jump that ends the body of a ``for`` loop carries the hint."""

    vectors = 4
    """Side by side, a power of two: four with two temporaries each leave half of AVX2's sixteen registers to the rest."""

    def lower_inst(self, inst: Any) -> None:
        """Lower one instruction."""
        super().lower_inst(inst)
        if isinstance(inst, ir.Jump) and self._begins_loop(inst.target):
            self.builder.block.terminator.set_metadata("llvm.loop", self._hint())

    def _begins_loop(self, target: int) -> bool:
        """Tell whether a jump to a block goes back to the head of a ``for`` loop, maybe by a block that only leads there."""
        here = next(number for number, block in self.blocks.items() if block is self._cur_ir_block)
        if target > here:
            return False
        block = self.blocks[target]
        if isinstance(block.body[0], ir.Jump):
            block = self.blocks[block.body[0].target]
        return any(True for _ in block.find_exprs("iternext"))

    def _hint(self) -> Any:
        """Return a loop's properties: a node that no other loop has, since it begins with a reference to itself."""
        module = self.builder.module
        count = module.add_metadata(["llvm.loop.interleave.count", llvm.IntType(32)(self.vectors)])
        node = module.add_metadata([f"loop {len(module.metadata)}"])
        node.operands = (node, count)
        return node


class LowerLoopsInPairs(LowerLoops):
    """The same for loops that need more registers."""

    vectors = 2


@register_pass(mutates_CFG=True, analysis_only=False)
class Interleave(BaseNativeLowering):  # type: ignore[misc]
    """The pass that prints LLVM's text."""

    _name = "simcost_interleave"
    lowering_class = LowerLoops


@register_pass(mutates_CFG=True, analysis_only=False)
class InterleavePairs(BaseNativeLowering):  # type: ignore[misc]
    """The same for loops that need more registers."""

    _name = "simcost_interleave_pairs"
    lowering_class = LowerLoopsInPairs


class Interleaved(CompilerBase):  # type: ignore[misc]
    """numba's compiler with such a pass in place of its own."""

    lowering = Interleave

    def define_pipelines(self) -> list[Any]:
        """Return the passes."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(self.lowering if each is NativeLowering else each, told) for each, told in passes.passes]
        passes.finalize()
        return [passes]


class InterleavedPairs(Interleaved):
    """The same for loops that need more registers."""

    lowering = InterleavePairs

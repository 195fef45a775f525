"""A device that is the host, on which the 32 lanes of a warp wait for one another: the very text that a GPU gets, run by g++.

Each lane is a context of its own (POSIX ``ucontext``). Where the text synchronises, a lane gives way to the next; when all lanes
of a warp have come to the same place, the first goes on. A warp of which some lanes come to one place and some to another, or to
none, ends the process: on a GPU it would hang, or mix up values.
"""

import ctypes
import re

from tests.backends.host_device import FLAGS, HostDevice, HostModule, _argument, compiled

CUDA = r"""
#define __CUDACC__
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <ucontext.h>
#define __device__
#define __global__
#define __forceinline__ inline
#define __shared__ static
#define __launch_bounds__(...)
#define asm(...) product = (u64)(u32)a * (u32)b /* of `wide` */
struct Place { unsigned x; };
Place blockIdx, blockDim, threadIdx;
struct double2 { double x, y; };
static inline double2 __ldg(const double2 *place) { return *place; }
static inline long long __double_as_longlong(double x) { long long bits; std::memcpy(&bits, &x, 8); return bits; }
static inline double __longlong_as_double(long long bits) { double x; std::memcpy(&x, &bits, 8); return x; }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }

namespace warp {
constexpr unsigned LANES = 32;
enum Stop { ENDED, SYNCHRONISED, VOTED };
ucontext_t scheduler, lanes[LANES];
char stacks[LANES][1 << 17];
Stop stops[LANES];
unsigned votes[2][LANES], count[LANES], now;
std::function<void()> thread;
void lane() { thread(); stops[now] = ENDED; }
void stop(Stop why) { const unsigned self = now; stops[self] = why; swapcontext(&lanes[self], &scheduler); }
void run(unsigned first) {
  for (unsigned i = 0; i < LANES; ++i) {
    count[i] = 0;
    getcontext(&lanes[i]);
    lanes[i].uc_stack.ss_sp = stacks[i], lanes[i].uc_stack.ss_size = sizeof stacks[i], lanes[i].uc_link = &scheduler;
    makecontext(&lanes[i], lane, 0);
  }
  do {
    for (now = 0; now < LANES; ++now) { threadIdx.x = first + now; swapcontext(&scheduler, &lanes[now]); }
    for (unsigned i = 1; i < LANES; ++i)
      if (stops[i] != stops[0]) { std::fputs("the lanes of a warp part\n", stderr); std::_Exit(70); }
  } while (stops[0] != ENDED);
}
}
static inline void __syncwarp() { warp::stop(warp::SYNCHRONISED); }
static inline unsigned __ballot_sync(unsigned, bool vote) {
  unsigned *votes = warp::votes[warp::count[warp::now]++ % 2], all = 0;  /* two rows: a lane may be at the next vote already */
  votes[warp::now] = vote;
  warp::stop(warp::VOTED);
  for (unsigned i = 0; i < warp::LANES; ++i) all |= votes[i] << i;
  return all;
}
"""

INSTRUCTION = 'double y; asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(y) : "d"(b)); return y;'
ROUNDED = "return from_bits(as_bits(1.0 / b) & 0xffffffff00000000ULL);"
"""A GPU's approximate reciprocal is the upper word of a number."""

OF_ITS_OWN = ("-Wno-maybe-uninitialized", "-fno-gnu-unique")
"""A library has its own shared memory: a variable of an inline function would else be one for all, whatever its size."""

KERNEL = re.compile(r'^extern "C" __global__ void __launch_bounds__\(LAUNCH_BOUNDS\) run\((.*?)\) \{', re.DOTALL | re.MULTILINE)
STARTED = """
extern "C" void start(unsigned groups, unsigned threads, {0}) {{
  blockDim.x = threads;
  warp::thread = [&] {{ run({1}); }};
  for (blockIdx.x = 0; blockIdx.x < groups; ++blockIdx.x)
    for (unsigned first = 0; first < threads; first += warp::LANES) warp::run(first);
}}
"""


class WarpModule(HostModule):
    """A library of the text of a GPU; a launch starts every warp, one after the other."""

    def launch(self, kernel, groups, threads, *arguments):
        self._launched.append((kernel, groups, threads))
        self._library.start(ctypes.c_uint(groups), ctypes.c_uint(threads), *map(_argument, arguments))


class WarpDevice(HostDevice):
    """The host as a GPU; what has no ``run``, as the reduction, is the host's own."""

    target = "cuda"
    name = "g++ by warps"

    def load(self, text):
        kernel = KERNEL.search(text)
        if kernel is None:
            return super().load(text)
        self.loaded += 1
        given = kernel[1]
        text = text.replace(INSTRUCTION, ROUNDED)
        started = STARTED.format(given, ", ".join(re.findall(r"(\w+)(?:,|$)", given)))
        return WarpModule(compiled(CUDA + text + started, (*FLAGS, *OF_ITS_OWN)), self.launched)

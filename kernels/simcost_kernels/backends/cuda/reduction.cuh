/* Columns of scenarios -> what a summary takes in: count, extremes, mean, squares and cells, bit for bit those of column.py.

   A group of THREADS threads works on one column of one part: the scenarios of a launch that lie in one block of 65,536. What all
   its threads do between two barriers is a phase, EACH_THREAD; a host compiler runs it as a loop over the threads, so tests without
   a GPU run these very lines. Within a phase no thread reads what another one writes, but for atomic operations, whose order does
   not show: so neither does the number of threads, nor the order of the groups.

   Columns are x[column * n + lane]; figures of a part are at [part * columns + column]. Sums follow the halving order of moments.py.
   Cells are those of cells.py, by pages of 512: `centre` marks the pages that values fall on, `place_pages` gives each
   new one a row, `count_cells` counts. */

#ifndef THREADS
#define THREADS 512
#endif
#define BLOCK 65536
#define UNROLLED 16u     /* loads in flight, and the leaves of one small tree */
#define PAGE_BITS 9
#define PAGE (1 << PAGE_BITS)
#define PAGES (1 << 15)  /* of a column: a key has 24 bits */
#define KEY_SHIFT 40
#define ROW_BITS 8       /* scenarios of a row are of one section */
#define WINDOW_PAGES 20  /* counted in shared memory: two and a half octaves about the mean, 40 KiB */
#define DOWN 2.3283064365386963e-10 /* 2**-32, exact */
#define UP 4294967296.0
#define SIGN 0x8000000000000000ULL

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#ifdef __CUDACC__
#define FUNCTION __device__ __forceinline__
#define ENTRY extern "C" __global__ void __launch_bounds__(THREADS)
#define ENTRY_OF_1024 extern "C" __global__ void __launch_bounds__(THREADS, 1024 / THREADS)
#define SHARED __shared__
#define UNROLL _Pragma("unroll")
#define ROLLED _Pragma("unroll 1")
#define EACH_GROUP(g) for (u64 g = blockIdx.x; g < groups; g += gridDim.x)
#define EACH_THREAD(t) for (u32 t = threadIdx.x, once = 1; once; once = 0, __syncthreads())
#else
#include <cstring>
#define FUNCTION static inline
#define ENTRY extern "C" void
#define ENTRY_OF_1024 ENTRY
#define SHARED static thread_local
#define UNROLL
#define ROLLED
#define EACH_GROUP(g) for (u64 g = 0; g < groups; ++g)
#ifdef REVERSED /* a test: the order of threads must not show */
#define EACH_THREAD(t) for (u32 t = THREADS; t-- > 0;)
#else
#define EACH_THREAD(t) for (u32 t = 0; t < THREADS; ++t)
#endif
#endif

namespace simcost {

FUNCTION u64 bits_of(double x) {
#ifdef __CUDACC__
  return (u64)__double_as_longlong(x);
#else
  u64 bits; std::memcpy(&bits, &x, 8); return bits;
#endif
}

FUNCTION u32 add(u32 *place, u32 more) {
#ifdef __CUDACC__
  return atomicAdd(place, more);
#else
  const u32 before = *place; *place += more; return before;
#endif
}

FUNCTION void add(u64 *place, u64 more) {
#ifdef __CUDACC__
  atomicAdd(place, more);
#else
  *place += more;
#endif
}

/* Lower a place. Looking first spares nearly every atomic operation; a stale look only costs one, since places never rise. */
FUNCTION void lower(u64 *place, u64 value) {
  if (value < *place) {
#ifdef __CUDACC__
    atomicMin(place, value);
#else
    *place = value;
#endif
  }
}

/* Widen a cell by a value. Both ends are looked at in one load of 16 bytes: lanes look at cells far apart, one load a cell each. */
FUNCTION void widen(u64 *ends, u64 order) {
#ifdef __CUDACC__
  const ulonglong2 seen = *reinterpret_cast<const ulonglong2 *>(ends);
  if (order < seen.x || ~order < seen.y) { /* one branch for both, seldom taken */
    atomicMin(ends, order);
    atomicMin(ends + 1, ~order);
  }
#else
  lower(ends, order);
  lower(ends + 1, ~order);
#endif
}

/* Counts in shared memory of cells from a base on. A GPU adds to a count by its address in shared memory, which is kept: the
   compiler would find it anew for every value, but for what comes from another lane. */
#ifdef __CUDACC__
typedef u32 Window;
FUNCTION Window window_of(const u32 *counts, u32 base) { return __shfl_sync(~0u, (u32)__cvta_generic_to_shared(counts) - 4 * base, 0); }
FUNCTION void count_in(Window window, u32 cell) { asm volatile("red.shared.add.u32 [%0], 1;" ::"r"(window + 4 * cell) : "memory"); }
#else
struct Window { u32 *counts, base; };
FUNCTION Window window_of(u32 *counts, u32 base) { return {counts, base}; }
FUNCTION void count_in(Window window, u32 cell) { ++window.counts[cell - window.base]; }
#endif

/* The row of a page, by an address that is found in one instruction. */
FUNCTION int row_at(const int *rows, u32 page) {
#ifdef __CUDACC__
  int row;
  asm("{ .reg .u64 place; mad.wide.u32 place, %1, 4, %2; ld.global.nc.s32 %0, [place]; }" : "=r"(row) : "r"(page), "l"(rows));
  return row;
#else
  return rows[page];
#endif
}

/* Count one value in device memory; threads of a warp that count the same cell send one of them. */
FUNCTION void count_one(u64 *place) {
#ifdef __CUDACC__
  const u32 peers = __match_any_sync(__activemask(), (u64)place);
  if ((threadIdx.x & 31) == (u32)__ffs((int)peers) - 1) atomicAdd(place, (u64)__popc(peers));
#else
  *place += 1;
#endif
}

FUNCTION bool is_finite(double x) { return (bits_of(x) & 0x7ff0000000000000ULL) != 0x7ff0000000000000ULL; }

/* A whole number that sorts as the value does; -0.0 must have been made 0.0. */
FUNCTION u64 ordered(double x) { const u64 bits = bits_of(x); return bits ^ ((u64)((i64)bits >> 63) | SIGN); }

/* The cell of an ordered number: 0 to 2**24 - 1. */
FUNCTION u32 cell_of(u64 order) { return (u32)(order >> KEY_SHIFT); }

struct Part { u64 begin; u32 length; };

FUNCTION Part part_of(u64 part, u64 n, u64 head) {
  const u64 begin = part ? head + (part - 1) * BLOCK : 0, end = head + part * BLOCK;
  return {begin, (u32)((end < n ? end : n) - begin)};
}

/* One thread's share of the sum of a part, of the values t + THREADS * j: term(value) of each that is finite, and lost(place) of
   each that is not; 0.0 beyond the end.

   WHOLE: the part has BLOCK values, so that they lie at constant distances from one another, and none is beyond the end.
   FINITE: so are all of them.

   The halving tree over j: its leaves are taken in bit-reversed order, UNROLLED of them as a small tree, and a sum waits for
   its right-hand sibling. */
template <bool WHOLE, bool FINITE, class Term, class Lost>
FUNCTION double own_sum(const double *__restrict__ x, u32 length, u32 t, Term term, Lost lost) {
  const u32 trees = BLOCK / THREADS / UNROLLED;
  double waiting[10] = {}, sum = 0.0;
  ROLLED for (u32 tree = 0; tree < trees; ++tree) {
    u32 reversed = 0;
    for (u32 bit = 1; bit < trees; bit <<= 1) reversed = reversed << 1 | ((tree & bit) != 0);
    const u32 first = t + THREADS * reversed;
    const double *own = x + first;
    double values[UNROLLED];
    UNROLL for (u32 k = 0; k < UNROLLED; ++k) {
      values[k] = WHOLE || first + THREADS * trees * k < length ? own[THREADS * trees * k] : 0.0;
    }
    UNROLL for (u32 k = 0; k < UNROLLED; ++k) {
      const u32 place = first + THREADS * trees * k;
      if (!WHOLE && place >= length) continue;
      if (FINITE || is_finite(values[k])) {
        values[k] = term(values[k] + 0.0); /* -0.0 becomes 0.0 */
      } else {
        lost(place);
        values[k] = 0.0;
      }
    }
    UNROLL for (u32 level = 1; level < 5; ++level) { /* constant bounds: so that the values stay in registers */
      UNROLL for (u32 k = 0; k < UNROLLED / 2; ++k) {
        if (k < UNROLLED >> level) values[k] += values[k + (UNROLLED >> level)];
      }
    }
    sum = values[0];
    bool left = false; /* whether the sum is a left-hand sibling by now */
    UNROLL for (u32 level = 0; level < 10; ++level) {
      if (left || 1u << level >= trees) continue;
      left = !(tree >> level & 1);
      if (left) waiting[level] = sum; else sum = waiting[level] + sum;
    }
  }
  return sum;
}

/* Halve the threads' sums to one, in sums[0]. */
FUNCTION void halve(double *sums) {
  for (u32 half = THREADS / 2; half; half >>= 1) {
    EACH_THREAD(t) if (t < half) sums[t] += sums[t + half];
  }
}

}
using namespace simcost;

/* Count, smallest, largest and mean of the finite values of each part and column; marks their pages, and broken scenarios. */
ENTRY centre(u64 groups, const double *x, u64 n, u64 head, u64 columns, i64 *counts, double *lows, double *highs,
             double *means, u8 *marks, u8 *broken) {
  SHARED double sums[THREADS], low[THREADS], high[THREADS];
  SHARED u32 kept[THREADS];
  EACH_GROUP(group) {
    const u64 column = group % columns;
    const Part part = part_of(group / columns, n, head);
    double scale = 1.0;
    for (bool again = true; again;) {
      EACH_THREAD(t) {
        double smallest = 1.0 / 0.0, largest = -1.0 / 0.0;
        u32 count = t < part.length ? (part.length - t + THREADS - 1) / THREADS : 0;
        const double *own = x + column * n + part.begin;
        u8 *page_marks = marks + column * PAGES, *part_broken = broken + part.begin;
        const auto seen = [&](double value) {
          smallest = value < smallest ? value : smallest;
          largest = value > largest ? value : largest;
          u8 *mark = page_marks + (cell_of(ordered(value)) >> PAGE_BITS);
          if (!*mark) *mark = 1;
          return value;
        };
        const auto lost = [&](u32 place) { part_broken[place] = 1; --count; };
        sums[t] = part.length == BLOCK && scale == 1.0
                      ? own_sum<true, false>(own, BLOCK, t, seen, lost)
                      : own_sum<false, false>(own, part.length, t, [&](double value) { return seen(value) * scale; }, lost);
        low[t] = smallest; high[t] = largest; kept[t] = count;
      }
      for (u32 half = THREADS / 2; half; half >>= 1) {
        EACH_THREAD(t) if (t < half) {
          sums[t] += sums[t + half];
          low[t] = low[t + half] < low[t] ? low[t + half] : low[t];
          high[t] = high[t + half] > high[t] ? high[t + half] : high[t];
          kept[t] += kept[t + half];
        }
      }
      /* A sum may leave the range of float64 though the mean does not: then once more, scaled. */
      EACH_THREAD(t) if (t < THREADS) again = scale == 1.0 && !is_finite(sums[0]);
      scale = again ? DOWN : scale;
    }
    EACH_THREAD(t) if (t == 0) {
      double mean = (sums[0] + 0.0) / (double)kept[0];
      if (scale != 1.0) mean *= UP;
      mean = low[0] > mean ? low[0] : mean;
      mean = high[0] < mean ? high[0] : mean;
      counts[group] = kept[0]; lows[group] = low[0]; highs[group] = high[0]; means[group] = kept[0] ? mean : 0.0;
    }
  }
}

/* Count the broken scenarios of a launch into found[0], the lowest of their numbers into found[1], and wipe the marks. */
ENTRY find_broken(u64 groups, u64 first, u64 n, u8 *broken, u64 *found) {
  EACH_GROUP(group) {
    EACH_THREAD(t) {
      const u64 lane = group * THREADS + t;
      if (lane < n && broken[lane]) {
        broken[lane] = 0;
        count_one(found);
        lower(found + 1, first + lane);
      }
    }
  }
}

/* Give each page that is marked and has none a row; used is the number of rows in use. */
ENTRY place_pages(u64 groups, u64 n, const u8 *marks, int *rows, u32 *used) {
  EACH_GROUP(group) {
    EACH_THREAD(t) {
      const u64 page = group * THREADS + t;
      if (page < n && marks[page] && rows[page] < 0) rows[page] = (int)add(used, 1u);
    }
  }
}

/* Squares about the mean of each part and column, and the cells of `each` parts at a time.

   A cell is its count, its smallest ordered number and the complement of its largest one, so that both only ever fall
   from all ones. Cells
   near the mean are counted in shared memory, those of zero and of the largest value (atoms, truths) in registers. It waits for
   looks at cells, so that 1024 threads are to fit a multiprocessor: that takes 64 registers, and spills none. */
ENTRY_OF_1024 count_cells(u64 groups, const double *x, u64 n, u64 head, u64 columns, u64 parts, u64 each, const i64 *counts,
                          const double *highs, const double *means, const int *rows, double *squares, u64 *cell_counts,
                          u64 *extremes) {
  SHARED double sums[THREADS];
  SHARED u32 window[WINDOW_PAGES * PAGE];
  EACH_GROUP(group) {
    const u64 column = group % columns, first = group / columns * each, last = first + each < parts ? first + each : parts;
    const int *row_of = rows + column * PAGES;
    const volatile double *about = means + first * columns + column; /* volatile: nothing keeps it, in registers that are dear */
    const int middle = (int)(cell_of(ordered(*about + 0.0)) >> PAGE_BITS) - WINDOW_PAGES / 2;
    const u32 base = (u32)(middle < 0 ? 0 : middle > PAGES - WINDOW_PAGES ? PAGES - WINDOW_PAGES : middle) << PAGE_BITS;
    const u32 zero = cell_of(ordered(0.0));
    const Window near = window_of(window, base);
    EACH_THREAD(t) for (u32 i = t; i < WINDOW_PAGES * PAGE; i += THREADS) window[i] = 0;
    for (u64 p = first; p < last; ++p) {
      const Part part = part_of(p, n, head);
      const u64 figure = p * columns + column;
      const double mean = means[figure];
      const u32 top = cell_of(ordered(highs[figure]));
      EACH_THREAD(t) {
        u32 atoms = 0; /* in one register: how many are in the top cell, and in that of zero times 2**16 */
        const double *own = x + column * n + part.begin;
        const auto seen = [&](double value) {
          const u64 order = ordered(value);
          const u32 cell = cell_of(order), inside = cell - base;
          const u32 place = (u32)row_at(row_of, cell >> PAGE_BITS) * PAGE + (cell & (PAGE - 1));
          widen(extremes + 2 * (u64)place, order);
          if (cell == top) ++atoms;
          else if (cell == zero) atoms += 1u << 16;
          else if (inside < WINDOW_PAGES * PAGE) count_in(near, cell);
          else count_one(cell_counts + place);
          const double deviation = value - mean;
          return deviation * deviation;
        };
        const auto lost = [](u32) {};
        sums[t] = counts[figure] == BLOCK ? own_sum<true, true>(own, BLOCK, t, seen, lost)
                                          : own_sum<false, false>(own, part.length, t, seen, lost);
        const u32 tops = atoms & 0xffff, zeros = atoms >> 16;
        if (tops) add(cell_counts + (u64)row_of[top >> PAGE_BITS] * PAGE + (top & (PAGE - 1)), (u64)tops);
        if (zeros) add(cell_counts + (u64)row_of[zero >> PAGE_BITS] * PAGE + (zero & (PAGE - 1)), (u64)zeros);
      }
      halve(sums);
      EACH_THREAD(t) if (t == 0) squares[figure] = sums[0] + 0.0;
    }
    EACH_THREAD(t) for (u32 i = t; i < WINDOW_PAGES * PAGE; i += THREADS) {
      const u32 cell = base + i;
      if (window[i]) add(cell_counts + (u64)row_of[cell >> PAGE_BITS] * PAGE + (cell & (PAGE - 1)), (u64)window[i]);
    }
  }
}

/* How many values of each section a cell has; the section of a scenario is that of sampling.py. */
ENTRY count_sections(u64 groups, const double *x, u64 n, u64 columns, u64 first, u64 sections, const int *rows, u32 *counts) {
  EACH_GROUP(group) {
    const u64 column = group % columns, begin = group / columns * BLOCK;
    const int *row_of = rows + column * PAGES;
    EACH_THREAD(t) for (u64 lane = begin + t; lane < n && lane < begin + BLOCK; lane += THREADS) {
      const double raw = x[column * n + lane];
      if (!is_finite(raw)) continue;
      const u32 cell = cell_of(ordered(raw + 0.0));
      const u64 place = (u64)row_of[cell >> PAGE_BITS] * PAGE + (cell & (PAGE - 1));
      add(&counts[place * sections + ((first + lane) >> ROW_BITS) % sections], 1u);
    }
  }
}

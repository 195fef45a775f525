"""From a plan to the text of a kernel: Python for one that reads it, Python over lanes for numba, C++ for CUDA."""

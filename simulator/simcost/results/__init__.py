"""The HDF5 store: written, read back, checked, exported."""

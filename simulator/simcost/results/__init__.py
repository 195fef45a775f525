"""The HDF5 store, and the summary that is read back."""

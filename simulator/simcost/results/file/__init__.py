"""The HDF5 file of a result: what lies in it and where, how it is laid down, and how it is read from a stranger."""

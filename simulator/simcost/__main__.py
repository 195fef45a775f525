"""``python -m simcost`` is the command ``simcost``."""

from simcost.cli import main

main()

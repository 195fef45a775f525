"""The commands, one a module: options in, one function of `simcost.api`, its answer printed."""

"""By which back end a plan, or several, are run here, and what is compiled for that first or beside it."""

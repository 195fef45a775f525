"""From a plan to a summary: a back end made ready (`preparation`), scenarios run by its threads, columns handed on."""

"""Charts of a result as SVG: a module for each, from figures to a drawing; matplotlib is imported when one is drawn."""

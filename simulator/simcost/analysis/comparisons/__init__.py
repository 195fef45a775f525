"""Several models in the same futures: figures, differences, dominance, where the cheaper one changes."""

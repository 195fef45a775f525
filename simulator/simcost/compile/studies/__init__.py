"""Plans of what an answer asks beside the plain run: other models, moved inputs, stresses, decisions."""

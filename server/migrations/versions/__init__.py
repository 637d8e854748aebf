"""One revision a feature."""

"""All SQL of meetings: the sitting, its items, its participants."""

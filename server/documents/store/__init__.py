"""All SQL of documents."""

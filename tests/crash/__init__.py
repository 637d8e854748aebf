"""Kills the server while tablets write, and checks every acknowledged operation afterwards."""

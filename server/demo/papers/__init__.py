"""The demo's papers: real-looking Vietnamese documents of a fictional city, made on the spot, the same every time."""

from server.demo.papers.catalogue import PAPERS, PaperSpec, make

__all__ = ["PAPERS", "PaperSpec", "make"]

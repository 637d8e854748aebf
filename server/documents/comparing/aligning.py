"""Aligning the pages of two versions: same pages first, moved ones too, then what was changed in its place.

Same pages that keep their order hold the rest; between them a changed page is the one with the most words in common, in
order. What is left on one side only was added or removed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from server.documents.comparing.faces import Face, alike, folded, similarity, words_of
from server.documents.models import Origin

# Less in common than this, and a page in the same gap is another page.
CHANGED = 0.3
# A page that was both changed and moved is known by words that few pages have: any two pages of a report share some.
MOVED_AND_CHANGED = 0.6
_FEW = 2
# A gap with more pairs of pages than this is not weighed pair by pair.
_PAIRS = 10_000
# Pages that come more often (blank ones, dividers) do not hold others: any of them is like any other.
_OFTEN = 20

Pair = tuple[int, int]


def align(old: Sequence[Face], new: Sequence[Face]) -> tuple[Origin, ...]:
    """For each page of ``new``: which page of ``old`` (from 1) it was, and whether it is the same.

    Each old page is the origin of one new page at most. Same pages are found wherever they have moved to.
    """
    left, right = _classes(old, new)
    chain = _chain(left, right)
    same = {there: here for here, there in [*chain, *_moved(left, right, chain)]}
    changed = _changed(old, new, chain, same)
    return tuple(_origin(at, same, changed) for at in range(len(new)))


def removed(origins: Sequence[Origin], pages: int) -> tuple[int, ...]:
    """The pages of a version of so many ``pages`` that are the origin of no page, from 1."""
    used = {origin.old for origin in origins}
    return tuple(page for page in range(1, pages + 1) if page not in used)


def _origin(at: int, same: dict[int, int], changed: dict[int, int]) -> Origin:
    if at in same:
        return Origin(same[at] + 1, same=True)
    return Origin(changed[at] + 1 if at in changed else None, same=False)


def _classes(old: Sequence[Face], new: Sequence[Face]) -> tuple[list[int], list[int]]:
    """A number for each page; pages with the same number are the same page."""
    known: defaultdict[tuple[str, int], list[tuple[int, Face]]] = defaultdict(list)
    numbers: list[int] = []
    for face in (*old, *new):
        words, grey = folded(face.text), sum(face.cells) // max(1, 8 * len(face.cells))
        # Squares within noise have a mean within noise: pages of another grey need not be looked at.
        near = (each for shade in (grey, grey - 1, grey + 1) for each in known[words, shade])
        found = next((number for number, other in near if alike(face, other)), None)
        if found is None:
            found = len(numbers)
            known[words, grey].append((found, face))
        numbers.append(found)
    return numbers[: len(old)], numbers[len(old) :]


def _chain(left: list[int], right: list[int]) -> list[Pair]:
    """Same pages that keep their order, from the front to the back."""
    front, back = 0, 0
    shorter = min(len(left), len(right))
    while front < shorter and left[front] == right[front]:
        front += 1
    while back < shorter - front and left[-1 - back] == right[-1 - back]:
        back += 1
    ends = (len(left) - back, len(right) - back)
    a, b = _without_frequent(left[front : ends[0]], right[front : ends[1]])
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    middle = [(front + block.a + by, front + block.b + by) for block in blocks for by in range(block.size)]
    return [
        *((at, at) for at in range(front)),
        *middle,
        *((ends[0] + at, ends[1] + at) for at in range(back)),
    ]


def _without_frequent(left: list[int], right: list[int]) -> tuple[list[int], list[int]]:
    counts = Counter([*left, *right])
    return (
        [number if counts[number] <= _OFTEN else -1 - at for at, number in enumerate(left)],
        [number if counts[number] <= _OFTEN else -1 - len(left) - at for at, number in enumerate(right)],
    )


def _moved(left: list[int], right: list[int], chain: list[Pair]) -> list[Pair]:
    """Same pages that did not keep their order: the first of each is the first of each."""
    here, there = {pair[0] for pair in chain}, {pair[1] for pair in chain}
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(len(left) - 1, -1, -1):
        if at not in here:
            waiting[left[at]].append(at)
    free = (at for at in range(len(right)) if at not in there)
    return [(waiting[right[at]].pop(), at) for at in free if waiting[right[at]]]


def _changed(old: Sequence[Face], new: Sequence[Face], chain: list[Pair], same: dict[int, int]) -> dict[int, int]:
    """New page → the old page that it was before it was changed."""
    taken = set(same.values())
    found: dict[int, int] = {}
    words = _Words(old, new)
    before = (-1, -1)
    for pair in [*chain, (len(old), len(new))]:
        here = [at for at in range(before[0] + 1, pair[0]) if at not in taken]
        there = [at for at in range(before[1] + 1, pair[1]) if at not in same]
        found.update((new_at, old_at) for old_at, new_at in _in_order(here, there, words))
        before = pair
    taken.update(found.values())
    here = [at for at in range(len(old)) if at not in taken]
    there = [at for at in range(len(new)) if at not in same and at not in found]
    found.update((new_at, old_at) for old_at, new_at in _anywhere(here, there, words))
    return found


class _Words:
    """How much two pages have in common; each page's words are taken apart once."""

    def __init__(self, old: Sequence[Face], new: Sequence[Face]) -> None:
        self._faces = (old, new)
        self._known: dict[Pair, frozenset[str]] = {}

    def common(self, here: int, there: int) -> float:
        return similarity(self._of(0, here), self._of(1, there))

    def rare_in_common(self, here: list[int], there: list[int]) -> list[tuple[float, int, int]]:
        """For each pair how much of the words is the same that at most a few pages of each version have."""
        rare = [self._rare(0, here), self._rare(1, there)]
        weighed = ((i, j, rare[0][i], rare[1][j]) for i in here for j in there)
        return [(similarity(a, b), i, j) for i, j, a, b in weighed if a and b]

    def _rare(self, side: int, pages: list[int]) -> dict[int, frozenset[str]]:
        counts = Counter(word for at in range(len(self._faces[side])) for word in self._of(side, at))
        return {at: frozenset(word for word in self._of(side, at) if counts[word] <= _FEW) for at in pages}

    def _of(self, side: int, at: int) -> frozenset[str]:
        if (side, at) not in self._known:
            self._known[side, at] = words_of(self._faces[side][at])
        return self._known[side, at]


def _in_order(here: list[int], there: list[int], words: _Words) -> list[Pair]:
    """The pairs of a gap that have the most in common together and keep their order."""
    if not here or not there or len(here) * len(there) > _PAIRS:
        return []
    best = [[0.0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for i in range(len(here) - 1, -1, -1):
        for j in range(len(there) - 1, -1, -1):
            common = words.common(here[i], there[j])
            paired = common + best[i + 1][j + 1] if common >= CHANGED else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(here) and j < len(there) and best[i][j] > 0:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((here[i], there[j]))
            i, j = i + 1, j + 1
    return pairs


def _anywhere(here: list[int], there: list[int], words: _Words) -> list[Pair]:
    """Pages that were changed and moved: the nearest first."""
    if not here or not there or len(here) * len(there) > _PAIRS:
        return []
    weighed = sorted((-common, i, j) for common, i, j in words.rare_in_common(here, there))
    pairs: list[Pair] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for common, i, j in weighed:
        if -common >= MOVED_AND_CHANGED and i not in used[0] and j not in used[1]:
            pairs.append((i, j))
            used[0].add(i)
            used[1].add(j)
    return pairs

"""The 126 communes and wards of Tân Giang with their figures: invented, the same at every start, and adding up."""

import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

WARDS, COMMUNES = 42, 84
ALLOTTED = 1890
"""Investment handed down to communes and wards in 2027, billion đồng."""

_NAMED_WARDS = ("Bến Đá", "Phú Lâm", "Tân Giang", "Cầu Đất", "Chợ Mới", "Vạn Xuân", "Ngọc Hà Đông", "Bình Khê")
_NAMED_COMMUNES = ("Phú Lâm Thượng", "Suối Cát", "Đồi Chè", "Cù Lao Giữa", "Thạnh Đông A", "Bàu Sen", "Hòn Dứa")
_FIRST = ("An", "Phú", "Long", "Hòa", "Vĩnh", "Thạnh", "Bình", "Mỹ", "Tân", "Đông")
_SECOND = ("Khê", "Lương", "Điền", "Phong", "Thọ", "Mai", "Sơn", "Trạch", "Quới", "Cường", "Nghĩa", "Xá")


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune or ward. Money in billion đồng, people and files as counts, rates in per cent."""

    kind: str
    name: str
    households: int
    people: int
    staff: int
    posts: int
    files: int
    on_time: float
    online: float
    revenue_plan: int
    revenue: int
    planned: int
    spent: int
    allotted: int
    poor: int
    waste: float

    @property
    def full_name(self) -> str:
        """Return e.g. "phường Bến Đá"."""
        return f"{self.kind} {self.name}"


@cache
def communes() -> tuple[Commune, ...]:
    """Return all 126, wards first; the plan of 2027 adds up to `ALLOTTED`."""
    source = random.Random(20261127)  # noqa: S311  # figures that look real, the same every time
    names = [f"{first} {second}" for first, second in product(_FIRST, _SECOND)]
    names = [name for name in names if name not in _NAMED_WARDS]
    source.shuffle(names)
    wards = [*_NAMED_WARDS, *names[: WARDS - len(_NAMED_WARDS)]]
    villages = [*_NAMED_COMMUNES, *names[WARDS : WARDS + COMMUNES - len(_NAMED_COMMUNES)]]
    found = [_commune("phường", name, source) for name in wards] + [_commune("xã", name, source) for name in villages]
    return _with_shares(found)


def _commune(kind: str, name: str, source: random.Random) -> Commune:
    ward = kind == "phường"
    households = source.randint(5200, 12400) if ward else source.randint(2300, 6900)
    plan = source.randint(58, 214) if ward else source.randint(14, 66)
    planned = source.randint(14, 39) if ward else source.randint(9, 24)
    files = int(households * source.uniform(1.4, 2.6))
    posts = source.randint(46, 62) if ward else source.randint(38, 52)
    return Commune(
        kind=kind,
        name=name,
        households=households,
        people=int(households * source.uniform(3.3, 3.9)),
        staff=posts - source.randint(0, 6),
        posts=posts,
        files=files,
        on_time=round(source.uniform(96.2, 99.8), 1),
        online=round(source.uniform(71, 94) if ward else source.uniform(58, 86), 1),
        revenue_plan=plan,
        revenue=round(plan * source.uniform(0.86, 1.14)),
        planned=planned,
        spent=round(planned * source.uniform(0.62, 0.97)),
        allotted=0,
        poor=int(households * (source.uniform(0.002, 0.009) if ward else source.uniform(0.008, 0.031))),
        waste=round(households * source.uniform(0.0019, 0.0026), 1),
    )


def _with_shares(found: list[Commune]) -> tuple[Commune, ...]:
    """Share `ALLOTTED` by households with a floor of 8, whole billions, the rest to the largest."""
    floor, total = 8, sum(one.households for one in found)
    spread = ALLOTTED - floor * len(found)
    shares = [floor + spread * one.households // total for one in found]
    by_size = sorted(range(len(found)), key=lambda index: -found[index].households)
    for index in by_size[: ALLOTTED - sum(shares)]:
        shares[index] += 1
    return tuple(replace(one, allotted=share) for one, share in zip(found, shares, strict=True))

"""The second reader: what all links share, and converters."""

from __future__ import annotations

from oracle.days import Moment
from oracle.linear import Terms


def grown(b, component: str, target: str, t: int, share: float = 1.0) -> Terms:
    """What projects add to a record in a period, as terms of the columns of what stands."""
    year = b.periods[t].group("calendar")
    return [(years[year], share) for _, years in b.installed.get(f"{component}/{target}", [])]


def minus(terms: Terms, factor: float = 1.0) -> Terms:
    return [(column, -value * factor) for column, value in terms]


def there(b, table: str):
    """The share of a record that is there at a moment: availability and its profile."""

    def share(row, moment: Moment) -> float:
        profile = row["profile"] if table in ("arcs", "converters", "supplies") else ""
        return b.data.number(table, row, "availability", moment.day) * b.data.shape(profile, moment)

    return share


def usable(b, component: str, key: str, column: str):
    """Above zero at the moments at which something can be sent, made or given: own capacity, or what a project may add."""
    table = {"arc": "arcs", "supply": "supplies", "converter": "converters"}[component]
    share, may_grow = there(b, table), f"{component}/{key}" in b.installed
    return lambda row, at: (b.data.number(table, row, column, at.day) + may_grow) * share(row, at)


def converters(b) -> None:
    d, lp, there_is = b.data, b.lp, there(b, "converters")
    b.convert = {}
    for key in b.keys("converters"):
        ends = [d.cell("converters", key, end) for end in ("from_node", "to_node")]
        carriers = [d.cell("nodes", node, "carrier") for node in ends]

        def needed(row, at, carriers=carriers) -> float:
            """Units of input for one unit of output."""
            return d.energy(carriers[1]) / (d.energy(carriers[0]) * d.number("converters", row, "efficiency", at.day))

        def product(column: str):
            return lambda row, at: (d.number("converters", row, column, at.day) or 0.0) * there_is(row, at)

        for t, p in enumerate(b.periods):
            used = usable(b, "converter", key, "capacity")
            heat = b.mean(p, "converters", key, needed, used=used)
            if heat is None:
                continue
            cost = b.mean(p, "converters", key, b.of("converters", "cost"), used=used)
            given: Terms = []
            for origin in b.origins[carriers[0]]:
                column = lp.add("convert", (key, origin), t, cost=b.worth(p) * cost / heat)
                b.convert[key, origin, t] = column
                given.append((column, 1.0 / heat))
                b.arrive(ends[0], origin, t, column, -1.0)
                b.arrive(ends[1], d.cell("converters", key, "origin"), t, column, 1.0 / heat)
            added = grown(b, "converter", key, t, b.mean(p, "converters", key, there_is, absent=0.0))
            lp.row(f"conversion {key} {p.label}", given + minus(added), high=b.mean(p, "converters", key, product("capacity"), absent=0.0))
            least = b.mean(p, "converters", key, product("minimum"), absent=0.0)
            if least > 0.0:
                lp.row(f"least conversion {key} {p.label}", given, low=least)

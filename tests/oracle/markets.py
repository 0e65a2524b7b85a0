"""The second reader: supplies, demands and swaps."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from oracle.linear import Terms
from oracle.links import grown, minus, there, usable
from scipy.integrate import quad


def supplies(b) -> None:
    d, lp, there_is = b.data, b.lp, there(b, "supplies")
    b.supply = {}
    curve: dict[str, list[str]] = {}
    for key, rows in d.rows["supply_steps"].items():
        curve.setdefault(rows[0]["supply"], []).append(key)

    def product(column: str):
        return lambda row, at: (d.number("supplies", row, column, at.day) or 0.0) * there_is(row, at)

    for supply in b.keys("supplies"):
        node, origin = d.cell("supplies", supply, "node"), d.cell("supplies", supply, "origin")
        for t, p in enumerate(b.periods):
            used = usable(b, "supply", supply, "maximum")
            cost = b.mean(p, "supplies", supply, b.money_of("supplies", "cost"), used=used)
            if cost is None:
                continue
            whole: Terms = []
            for step in curve.get(supply, [""]):
                share, rise = step_of(b, supply, step, p, used)
                column = lp.add("supply", (supply, step.split("/")[1] if step else "1"), t, cost=b.worth(p) * (cost + rise))
                b.supply[supply, step, t] = column
                whole.append((column, 1.0))
                b.arrive(node, origin, t, column, 1.0)
                most = b.mean(p, "supplies", supply, lambda row, at, s=share: product("maximum")(row, at) * s(at), absent=0.0)
                more = b.mean(p, "supplies", supply, lambda row, at, s=share: there_is(row, at) * s(at), absent=0.0)
                lp.row(f"supply {supply} {step} {p.label}", [(column, 1.0), *minus(grown(b, "supply", supply, t, more))], high=most)
            least = b.mean(p, "supplies", supply, product("minimum"), absent=0.0)
            if least > 0.0:
                lp.row(f"least supply {supply} {p.label}", whole, low=least)
            b.whole_supply[supply, t] = whole
        years_of_supply(b, supply)


def step_of(b, supply: str, step: str, p, used):
    """The share of a step at a moment, and its cost on top over a period."""
    if not step:
        return (lambda at: 1.0), 0.0
    d = b.data

    def share(at) -> float:
        row = d.on("supply_steps", step, at.day)
        return 0.0 if row is None else d.number("supply_steps", row, "share", at.day)

    def given(row, at) -> float:
        of_supply = d.on("supplies", supply, at.day)
        return share(at) * used(of_supply, at) if of_supply else 0.0

    return share, b.mean(p, "supply_steps", step, b.of("supply_steps", "cost"), used=given) or 0.0


def years_of_supply(b, supply: str) -> None:
    lp = b.lp
    for year, periods in b.years("calendar").items():
        inside = [t for t in periods if (supply, t) in b.whole_supply]
        if not inside:
            continue
        total = [(column, b.periods[t].days) for t in inside for column, _ in b.whole_supply[supply, t]]
        added = [term for t in inside for term in grown(b, "supply", supply, t)][:: len(inside)]
        for column in ("annual_maximum", "annual_minimum"):
            given = [b.mean(b.periods[t], "supplies", supply, b.of("supplies", column)) for t in inside]
            if any(limit is None for limit in given):
                continue
            limit = sum(
                b.periods[t].days * b.mean(b.periods[t], "supplies", supply, b.of("supplies", column), absent=0.0)
                for t in inside
            )  # fmt: skip
            if column == "annual_maximum":
                days = sum(b.periods[t].days for t in periods)
                growth = [(installed, days) for installed in dict.fromkeys(column for column, _ in added)]
                lp.row(f"annual maximum {supply} {year}", total + minus(growth), high=limit)
            else:
                lp.row(f"annual minimum {supply} {year}", total, low=limit)
        swing = {t: b.mean(b.periods[t], "supplies", supply, b.of("supplies", "swing")) for t in inside}
        if any(limit is not None for limit in swing.values()):
            average = lp.add("average", (supply, year), None)
            days = sum(b.periods[t].days for t in periods)
            lp.row(f"average {supply} {year}", [*total, (average, -days)], 0.0, 0.0)
            for t, limit in swing.items():
                if limit is not None:
                    lp.row(f"swing {supply} {b.periods[t].label}", [*b.whole_supply[supply, t], (average, -limit)], high=0.0)


@lru_cache
def blocks_of_elasticity(elasticity: float, lowest: float, highest: float, count: int) -> list[tuple[float, float]]:
    """Blocks on the curve q(r) = r^elasticity of the relative price r: each its width, and its mean willingness under the curve."""
    above = (count + 1) // 2
    edges = [highest * (1.0 / highest) ** (n / above) for n in range(above + 1)]
    edges += [lowest ** (n / (count - above)) for n in range(1, count - above + 1)]
    found = [(highest**elasticity, highest)]
    for high, low in pairwise(edges):
        width = low**elasticity - high**elasticity
        if width > 0.0:
            area = quad(lambda r: r * -elasticity * r ** (elasticity - 1.0), low, high, epsabs=1e-14, epsrel=1e-13)[0]
            found.append((width, area / width))
        else:
            found.append((0.0, 0.0))
    return found


def demands(b) -> None:
    d, lp = b.data, b.lp
    b.taken, b.unserved, b.firm = {}, {}, {}
    elastic = b.options.get("demand", "firm") == "elastic"
    parts: dict[str, list[str]] = {}
    for key, rows in (d.rows["elasticities"] if elastic else {}).items():
        parts.setdefault(rows[0]["demand"], []).append(key)

    def asked(row, at) -> float:
        return (d.number("demands", row, "quantity", at.day) or 0.0) * d.shape(row["profile"], at)

    def elastic_share(key: str, at) -> float:
        row = d.on("elasticities", key, at.day)
        return 0.0 if row is None else d.number("elasticities", row, "share", at.day)

    for demand in b.keys("demands"):
        node = d.cell("demands", demand, "node")
        carrier = d.cell("nodes", node, "carrier")
        tiers = [row for row in d.tables["tiers"].rows if row["tier_set"] == d.cell("demands", demand, "tier_set") != ""]
        for t, p in enumerate(b.periods):

            def firm(row, at, demand=demand) -> float:
                return asked(row, at) * (1.0 - sum(elastic_share(key, at) for key in parts.get(demand, [])))

            value = b.mean(p, "demands", demand, b.of("demands", "value_of_lost_load"), used=firm)
            if value is None:
                continue
            quantity = b.mean(p, "demands", demand, firm, absent=0.0)
            b.firm[demand, t] = quantity
            served = lp.add("served", (demand,), t)
            met: Terms = [(served, 1.0)]
            for row in tiers or [None]:
                share, factor = (row.numbers[c][0][0] if row else 1.0 for c in ("share", "value_factor"))
                most = 0.0 if b.options.get("unserved") == "forbidden" else share * quantity
                cut = lp.add("unserved", (demand, row["tier"] if row else "all"), t, upper=most, cost=b.worth(p) * value * factor)
                b.unserved[demand, row["tier"] if row else "all", t] = cut
                met.append((cut, 1.0))
            lp.row(f"demand {demand} {p.label}", met, quantity, quantity)
            bought = demand_blocks(b, demand, t)
            for key in parts.get(demand, []):
                bought += elastic_blocks(b, demand, key, t, asked)
            taken: Terms = []
            for origin in b.origins[carrier]:
                column = lp.add("taken", (demand, origin), t)
                b.taken[demand, origin, t] = column
                taken.append((column, 1.0))
                b.arrive(node, origin, t, column, -1.0)
                if b.ruled("demand", demand):
                    may = permitted(b, demand, origin, p, firm, parts.get(demand, []), asked)
                    lp.row(f"permission {demand} {origin} {p.label}", [(column, 1.0)], high=may)
            lp.row(f"taken {demand} {p.label}", [*taken, (served, -1.0), *((column, -1.0) for column, _ in bought)], 0.0, 0.0)


def permitted(b, demand: str, origin: str, p, firm, parts: list[str], asked) -> float:
    """The most that a demand may take of an origin: all that it asks for on the days on which it may."""
    d, total = b.data, 0.0
    total += b.mean(p, "demands", demand, lambda row, at: firm(row, at) * b.allowed("demand", demand, origin, at.day), absent=0.0)
    for key, rows in d.rows["demand_blocks"].items():
        if rows[0]["demand"] == demand:
            total += b.mean(
                p,
                "demand_blocks",
                key,
                lambda row, at: width_of(b, demand, row, at) * b.allowed("demand", demand, origin, at.day),
                absent=0.0,
            )
    for key in parts:
        row_of = d.rows["elasticities"][key][0]
        shape = [d.constant("elasticities", key, c) for c in ("lowest", "highest", "blocks")]
        for n in range(int(shape[2]) + 1):
            total += b.mean(
                p,
                "demands",
                demand,
                lambda row, at, n=n, key=key, shape=shape: (
                    _width(b, key, shape, n, at) * asked(row, at) * b.allowed("demand", demand, origin, at.day)
                ),
                absent=0.0,
            )
        del row_of
    return total


def width_of(b, demand: str, row, at) -> float:
    """The width of a block on a day; of a demand that is not there it buys nothing."""
    return b.data.number("demand_blocks", row, "width", at.day) if b.data.on("demands", demand, at.day) else 0.0


def demand_blocks(b, demand: str, t: int) -> Terms:
    d, p, found = b.data, b.periods[t], []
    for key, rows in d.rows["demand_blocks"].items():
        if rows[0]["demand"] != demand:
            continue
        width = b.mean(p, "demand_blocks", key, lambda row, at: width_of(b, demand, row, at), absent=0.0)
        width_then = lambda row, at: width_of(b, demand, row, at)  # noqa: E731
        worth = b.mean(p, "demand_blocks", key, b.money_of("demand_blocks", "willingness"), used=width_then) or 0.0
        found.append((b.lp.add("bought", (demand, key.split("/")[1]), t, upper=width, cost=-b.worth(p) * worth), 1.0))
    return found


def _width(b, key: str, shape: list[float], n: int, at) -> float:
    """The width of an elastic block at a moment, as a share of the whole demand."""
    row = b.data.on("elasticities", key, at.day)
    if row is None:
        return 0.0
    elasticity, share = (b.data.number("elasticities", row, c, at.day) for c in ("elasticity", "share"))
    return share * blocks_of_elasticity(elasticity, shape[0], shape[1], int(shape[2]))[n][0]


def elastic_blocks(b, demand: str, key: str, t: int, asked) -> Terms:
    """The blocks of a part of a demand that answers to the price."""
    d, p, found = b.data, b.periods[t], []
    shape = [d.constant("elasticities", key, c) for c in ("lowest", "highest", "blocks")]

    def worth(row, at, n: int) -> float:
        pieces = blocks_of_elasticity(d.number("elasticities", row, "elasticity", at.day), shape[0], shape[1], int(shape[2]))
        return pieces[n][1] * d.money("elasticities", row, "reference_price", at)

    def width_then(at, n: int) -> float:
        row = d.on("demands", demand, at.day)
        return _width(b, key, shape, n, at) * asked(row, at) if row else 0.0

    for n in range(int(shape[2]) + 1):
        width = b.mean(p, "demands", demand, lambda row, at, n=n: _width(b, key, shape, n, at) * asked(row, at), absent=0.0)
        price = b.mean(p, "elasticities", key, lambda row, at, n=n: worth(row, at, n), used=lambda row, at, n=n: width_then(at, n)) or 0.0
        name = (demand, key.split("/")[1], str(n))
        found.append((b.lp.add("bought", name, t, upper=width, cost=-b.worth(p) * price), 1.0))
    return found


def swaps(b) -> None:
    d, lp = b.data, b.lp
    for swap in b.keys("swaps"):
        give, get, own, partner = (d.cell("swaps", swap, c) for c in ("hand_over_node", "receipt_node", "origin", "partner_origin"))
        for t, p in enumerate(b.periods):
            most = b.mean(p, "swaps", swap, b.of("swaps", "maximum"), absent=0.0)
            size = b.of("swaps", "maximum")
            fee, cost = (b.mean(p, "swaps", swap, b.of("swaps", c, 0.0), used=size) for c in ("fee", "cost"))
            if fee is None:
                continue
            column = lp.add("swapped", (swap,), t, upper=most, cost=b.worth(p) * cost)
            b.swapped[swap, t] = column
            b.arrive(give, own, t, column, -1.0)
            b.arrive(give, partner, t, column, 1.0)
            b.arrive(get, partner, t, column, -(1.0 - fee))
            b.arrive(get, own, t, column, 1.0 - fee)

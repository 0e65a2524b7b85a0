"""The second reader: what is counted over a year: contracts, ceilings and charges, and capacity for sale."""

from __future__ import annotations

from oracle.days import days_of_group
from oracle.linear import Terms
from oracle.links import minus

KIND = {"gas_year": "gas", "year": "calendar", "quarter": "quarter", "month": "month", "day": "period"}


def summed(b, inside: list[int], table: str, key: str, what) -> float:
    """The sum over all days of some periods of what holds on each; a day on which the record does not hold counts nothing."""
    return sum(b.periods[t].days * b.mean(b.periods[t], table, key, what, absent=0.0) for t in inside)


def over_valid_days(b, inside: list[int], table: str, key: str, what):
    """The mean over the days of some periods on which a record holds; None where there is none."""
    days = summed(b, inside, table, key, lambda row, at: 1.0)
    return summed(b, inside, table, key, what) / days if days else None


def contracts(b) -> None:
    d, lp = b.data, b.lp
    points: dict[tuple[str, str, str], list[str]] = {}
    for c in b.keys("contracts"):
        arc, demand, origin = (d.cell("contracts", c, column) for column in ("delivery_arc", "delivery_demand", "origin"))
        points.setdefault(("arc", arc, origin) if arc else ("demand", demand, origin), []).append(c)
        for t in range(len(b.periods)):
            contract_period(b, c, t)
        for year, inside in b.years(d.cell("contracts", c, "contract_year") or "calendar").items():
            contract_year(b, c, year, inside)
    for (kind, place, origin), held in points.items():
        for t, p in enumerate(b.periods):
            passing = (b.flow if kind == "arc" else b.taken).get((place, origin, t))
            mine = [(b.delivered[c, t], 1.0) for c in held if (c, t) in b.delivered]
            limit = [] if passing is None else [(passing, -1.0)]
            lp.row(f"delivery {kind} {place} {origin} {p.label}", [*mine, *limit], high=0.0)
    if b.options.get("contract_years") == "foresight":
        foresight(b)


def contract_period(b, c: str, t: int) -> None:
    d, lp, p = b.data, b.lp, b.periods[t]

    def share_of_quantity(column: str):
        def what(row, at):
            share = d.number("contracts", row, column, at.day)
            return None if share is None else share * d.number("contracts", row, "annual_quantity", at.day)

        return what

    price = b.mean(
        p,
        "contracts",
        c,
        lambda row, at: d.money("contracts", row, "contract_price", at) - (d.number("contracts", row, "seller_cost", at.day) or 0.0),
    )
    if price is None:
        return
    b.delivered[c, t] = delivered = lp.add("delivered", (c,), t, cost=b.worth(p) * price)
    most = b.mean(p, "contracts", c, share_of_quantity("daily_maximum"), absent=0.0)
    if most is not None:
        lp.row(f"daily maximum {c} {p.label}", [(delivered, 1.0)], high=most)
    least = b.mean(p, "contracts", c, share_of_quantity("daily_minimum"), absent=0.0)
    if least > 0.0:
        penalty = b.mean(p, "contracts", c, b.of("contracts", "shortfall_penalty", 0.0))
        shortfall = lp.add("shortfall", (c,), t, cost=b.worth(p) * penalty)
        lp.row(f"daily minimum {c} {p.label}", [(delivered, 1.0), (shortfall, 1.0)], low=least)


def contract_year(b, c: str, year: str, inside: list[int]) -> None:
    d, lp = b.data, b.lp
    total: Terms = [(b.delivered[c, t], b.periods[t].days) for t in inside if (c, t) in b.delivered]
    if not total:
        return

    def of_quantity(column: str) -> float:
        return summed(
            b,
            inside,
            "contracts",
            c,
            lambda row, at: d.number("contracts", row, column, at.day) * d.number("contracts", row, "annual_quantity", at.day),
        )

    price = over_valid_days(
        b, inside, "contracts", c, lambda row, at: d.money("contracts", row, "contract_price", at) * b.discount(at.day.year)
    )
    lp.row(f"annual quantity {c} {year}", total, high=of_quantity("annual_maximum"))
    least, bank = of_quantity("take_or_pay"), []
    not_taken = lp.add("not_taken", (c, year), None, cost=price)
    if d.constant("contracts", c, "make_up_years") > 0.0:
        foreseen = b.options.get("contract_years") == "foresight"
        make_up = lp.add("make_up", (c, year), None, cost=-price, upper=float("inf") if foreseen else b.bank.get((c, year), (0.0, 0.0))[0])
        bank = [(make_up, -1.0)]
        b.banked.setdefault(c, {})[year] = (not_taken, make_up, least)
    credit = b.bank.get((c, year), (0.0, 0.0))[1]
    lp.row(f"take or pay {c} {year}", [*total, *bank, (not_taken, 1.0)], low=least - credit)


def foresight(b) -> None:
    """All contract years in one program: gas paid for may be taken in the years that follow, never in a year that prepays."""
    lp = b.lp
    for c, years in b.banked.items():
        n = int(b.data.constant("contracts", c, "make_up_years"))
        names, ever = list(years), sum(least for _, _, least in years.values())
        for last in range(len(names)):
            for first in range(last + 1):
                taken = [(years[y][1], 1.0) for y in names[first : last + 1]]
                paid = [(years[y][0], -1.0) for y in names[max(first - n, 0) : last]]
                lp.row(f"bank {c} {names[first]} {names[last]}", taken + paid, high=0.0)
        for year, (not_taken, make_up, least) in years.items():
            prepays = lp.add("prepays", (c, year), None, upper=1.0, whole=True)
            lp.row(f"prepaying {c} {year}", [(not_taken, 1.0), (prepays, -least)], high=0.0)
            lp.row(f"making up {c} {year}", [(make_up, 1.0), (prepays, ever)], high=ever)


def counted(b, term, t: int) -> Terms:
    """What a term of a ceiling counts in a period, as units a day."""
    component, target, origin = term["component"], term["target"], term["origin"]
    if component == "contract":
        columns = [b.delivered[target, t]] if (target, t) in b.delivered else []
    elif component == "supply":
        columns = [column for (supply, _, at), column in b.supply.items() if (supply, at) == (target, t)]
    else:
        held = {"arc": b.flow, "converter": b.convert, "demand": b.taken}[component]
        columns = [column for (name, of, at), column in held.items() if (name, at) == (target, t) and origin in ("", of)]
    return [(column, term.numbers["weight"][0][0]) for column in columns]


def ceilings(b) -> None:
    d, lp = b.data, b.lp
    for key in b.keys("ceilings"):
        terms = [row for row in d.tables["ceiling_terms"].rows if row["ceiling"] == key]
        by_period = {t: [pair for term in terms for pair in counted(b, term, t)] for t in range(len(b.periods))}
        for t, p in enumerate(b.periods):
            charge = b.mean(p, "ceilings", key, b.of("ceilings", "charge", 0.0), absent=0.0)
            for column, weight in by_period[t]:
                lp.cost[column] += b.worth(p) * charge * weight
        at_most = d.cell("ceilings", key, "sense") == "at_most"
        for year, inside in b.years(d.cell("ceilings", key, "year") or "calendar").items():
            bounds = [b.mean(b.periods[t], "ceilings", key, b.of("ceilings", "quantity")) for t in inside]
            valid = {t: b.mean(b.periods[t], "ceilings", key, lambda row, at: 1.0, absent=0.0) for t in inside}
            if any(bound is None and valid[t] for t, bound in zip(inside, bounds, strict=True)) or not any(valid.values()):
                continue
            total = [(column, b.periods[t].days * valid[t] * weight) for t in inside for column, weight in by_period[t]]
            bound = summed(b, inside, "ceilings", key, b.of("ceilings", "quantity")) / days_of_group(year)
            penalty = (
                over_valid_days(b, inside, "ceilings", key, lambda row, at: _penalty(d, row, at) * b.discount(at.day.year))
                if any("penalty" in row.numbers for row in d.rows["ceilings"][key])
                else None
            )
            if penalty is not None:
                total.append((lp.add("missed", (key, year), None, cost=penalty), -1.0 if at_most else 1.0))
            lp.row(f"ceiling {key} {year}", total, **({"high": bound} if at_most else {"low": bound}))


def _penalty(d, row, at) -> float:
    return d.number("ceilings", row, "penalty", at.day) or 0.0


def capacity_products(b) -> None:
    """Capacity bought for a year, quarter, month or day covers the greatest flow beyond the bookings, on the days of the product."""
    if b.options.get("tariffs", "volume") != "capacity":
        return
    d, lp = b.data, b.lp
    covering: dict[tuple[str, int], Terms] = {}
    charge, multiplier = b.of("capacity_products", "charge"), b.of("capacity_products", "multiplier")
    for key in b.keys("capacity_products"):
        arc, kind = d.cell("capacity_products", key, "arc"), KIND[d.cell("capacity_products", key, "duration")]
        for label, inside in b.years(kind).items():
            most = over_valid_days(b, inside, "capacity_products", key, b.of("capacity_products", "maximum"))
            if most is None:
                continue
            paid = summed(
                b, inside, "capacity_products", key,
                lambda row, at: charge(row, at) * multiplier(row, at) * b.discount(at.day.year),
            )  # fmt: skip
            bought = lp.add("bought_capacity", (key, label), None, upper=most, cost=paid)
            for t in inside:
                covering.setdefault((arc, t), []).append(
                    (bought, b.mean(b.periods[t], "capacity_products", key, lambda row, at: 1.0, absent=0.0))
                )
    for arc in {d.cell("capacity_products", key, "arc") for key in b.keys("capacity_products")}:
        for t, p in enumerate(b.periods):
            if (arc, t) in b.beyond:
                lp.row(f"bought capacity {arc} {p.label}", b.beyond[arc, t] + minus(covering.get((arc, t), [])), high=0.0)

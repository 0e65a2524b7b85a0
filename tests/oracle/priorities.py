"""The second reader: what is met before the cost."""

from __future__ import annotations

from oracle.arcs import products_of_arcs, tariff_of, total_of
from oracle.linear import Terms


def before_the_cost(b) -> None:
    objective = b.model.get("objective", "cost")
    if objective == "curtailment":
        curtailment(b)
    elif objective != "cost":
        unserved: Terms = []
        for (demand, _, t), column in b.unserved.items():
            carrier = carrier_of(b, demand)
            unserved.append((column, b.periods[t].days * b.data.energy(carrier)))
        b.lp.before["unserved"] = unserved
    if objective.startswith("income:"):
        b.lp.before["income"] = less_income(b, objective.partition(":")[2])


def carrier_of(b, demand: str) -> str:
    return b.data.cell("nodes", b.data.cell("demands", demand, "node"), "carrier")


def place_of(b, demand: str) -> tuple[str, str]:
    """The country of a demand, and its carrier."""
    return b.data.cell("nodes", b.data.cell("demands", demand, "node"), "country"), carrier_of(b, demand)


def curtailment(b) -> None:
    """The smallest share of firm demand that any country must lack in any period of a year, by carrier."""
    lp = b.lp
    places: dict[tuple[str, str], list[str]] = {}
    for demand in b.keys("demands"):
        places.setdefault(place_of(b, demand), []).append(demand)
    worst = {(c, y): lp.add("worst_curtailment", (c, y), None) for c in {c for _, c in places} for y in b.years("calendar")}
    for (country, carrier), held in places.items():
        for t, p in enumerate(b.periods):
            missing = [(column, 1.0) for (demand, _, at), column in b.unserved.items() if at == t and demand in held]
            whole = sum(b.firm.get((demand, t), 0.0) for demand in held)
            lp.row(f"curtailment {country} {carrier} {p.label}", [*missing, (worst[carrier, p.group("calendar")], -whole)], high=0.0)
    lp.before["curtailment"] = [(column, 1.0) for column in worst.values()]


def less_income(b, origin: str) -> Terms:
    """Net income of an origin, as a cost: production, tariffs beyond bookings, storage, swaps, and what is not delivered of a take-or-pay,
    less sales at the prices of the buyers' markets and at contract prices in their place.
    """
    d, lp = b.data, b.lp
    found: Terms = []

    def sale(demand: str, t: int) -> float:
        if not demand or demand not in d.rows["sale_prices"]:
            return 0.0
        return b.mean(b.periods[t], "sale_prices", demand, b.money_of("sale_prices", "value")) or 0.0

    for (demand, of, t), column in b.taken.items():
        if of == origin:
            found.append((column, -b.worth(b.periods[t]) * sale(demand, t)))
    at_node = {d.cell("demands", demand, "node"): demand for demand in d.rows["sale_prices"]}
    for (plant, of, t), column in b.convert.items():
        if of == origin:
            found.append((column, -b.worth(b.periods[t]) * sale(at_node.get(d.cell("converters", plant, "from_node"), ""), t)))
    for (c, t), column in b.delivered.items():
        if d.cell("contracts", c, "origin") == origin:
            price = b.mean(b.periods[t], "contracts", c, b.money_of("contracts", "contract_price"))
            found.append((column, -b.worth(b.periods[t]) * (price - sale(market_of(b, c), t))))
    for (name, key, t), column in list(lp.columns.items()):
        if name == "not_taken" and d.cell("contracts", key[0], "origin") == origin:
            found.append((column, b.own_cost[column]))
        of_supply = name == "supply" and d.cell("supplies", key[0], "origin") == origin
        of_swap = name == "swapped" and d.cell("swaps", key[0], "origin") == origin
        of_storage = name in ("inject", "withdraw") and key[1] == origin
        if t is not None and (of_supply or of_swap or of_storage):
            found.append((column, b.own_cost[column]))
    return found + tariffs(b, origin)


def market_of(b, c: str) -> str:
    """The demand at whose price a contract's gas would be sold without it: its own, or the one of its buyer's country."""
    d = b.data
    if d.cell("contracts", c, "delivery_demand"):
        return d.cell("contracts", c, "delivery_demand")
    carrier = d.cell("origins", d.cell("contracts", c, "origin"), "carrier")
    buyer = d.cell("contracts", c, "buyer")
    place = (buyer, carrier)
    found = [demand for demand in d.rows["sale_prices"] if demand in d.rows["demands"] and place_of(b, demand) == place]
    return found[0] if len(found) == 1 else ""


def tariffs(b, origin: str) -> Terms:
    """Tariffs by volume on what an origin's own gas flows beyond the bookings, which it fills first."""
    d, lp, found = b.data, b.lp, []
    sold = products_of_arcs(b)
    booked = {d.cell("bookings", key, "arc") for key in b.keys("bookings")}

    for (arc, of, t), column in b.flow.items():
        if of != origin or arc in sold:
            continue
        p = b.periods[t]
        paying = column
        if arc in booked:
            held = total_of(b, "bookings", "arc", arc, p, b.of("bookings", "booked"))
            paying = lp.add("own_beyond", (arc,), t)
            lp.row(f"own beyond {arc} {p.label}", [(paying, 1.0), (column, -1.0)], low=-held)
        found.append((paying, b.worth(p) * b.mean(p, "arcs", arc, tariff_of(b))))
    return found

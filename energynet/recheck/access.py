"""Capacity bought, and what is met before the cost, re-evaluated."""

from __future__ import annotations

import numpy as np

from energynet.components.capacity_product import KINDS
from energynet.recheck.values import Floats, Rows, Values, above, over


def capacity_by_period(values: Values, product: str) -> Floats:
    """What is bought of a product in the year, quarter, month or day of each period, units a day (T,)."""
    kind = KINDS[values.system["capacity_products"].of("duration", product)]
    bought = values.zero.copy()
    for label, inside in values.years(kind):
        bought[inside] = values.of_year("bought_capacity", product, label)
    return bought


def access(values: Values) -> Rows:
    """Capacity bought against what needs it and what is for sale; worst curtailment; own gas beyond bookings."""
    system, rows = values.system, list[tuple[str, Floats]]()
    products, booked = system["capacity_products"], {key[0] for key in values.keys("beyond")}
    bought: dict[str, Floats] = {}
    for product in dict.fromkeys(key[0] for key in values.keys("bought_capacity")):
        arc, amount = products.of("arc", product), capacity_by_period(values, product)
        bought[arc] = bought.get(arc, values.zero) + amount * values.data("capacity_products", "valid", product)
        valid = values.present("capacity_products", product) * values.weighted
        for label, inside in values.years(KINDS[products.of("duration", product)]):
            total = valid[inside].sum(axis=0)
            sold = (values.data("capacity_products", "for_sale", product) * valid)[inside].sum(axis=0)
            limit = sold / np.where(total > 0.0, total, 1.0)
            rows.append((f"for_sale[{product},{label}]", over(values.of_year("bought_capacity", product, label) - limit)))
    for arc, amount in bought.items():
        flows = values.sum("flow", [key for key in values.keys("flow") if key[0] == arc])
        rows.append((f"bought_capacity[{arc}]", above(values.of("beyond", arc) if arc in booked else flows, amount)))
    return rows + _curtailment(values) + _own(values)


def _curtailment(values: Values) -> Rows:
    """The share of each country's firm demand that is not served, against the worst of the year."""
    system, rows = values.system, list[tuple[str, Floats]]()
    share = dict(values.years("calendar"))
    for carrier, year in values.keys("worst_curtailment"):
        worst = values.of_year("worst_curtailment", carrier, year)
        missing: dict[str, Floats] = {}
        wanted: dict[str, Floats] = {}
        for demand in dict.fromkeys(key[0] for key in values.keys("taken")):
            node = system["demands"].of("node", demand)
            if system["nodes"].of("carrier", node) == carrier:
                country = system["nodes"].of("country", node)
                cut = values.sum("unserved", [key for key in values.keys("unserved") if key[0] == demand])
                missing[country] = missing.get(country, values.zero) + cut
                wanted[country] = wanted.get(country, values.zero) + values.data("demands", "quantity", demand)
        rows += [(f"curtailment[{c},{carrier}]", above(missing[c], worst * wanted[c])[share[year]]) for c in missing]
    return rows


def _own(values: Values) -> Rows:
    origin = values.system.objective.partition(":")[2]
    return [
        (f"own_beyond[{arc}]", above(values.of("flow", arc, origin) - values.data("arcs", "booked", arc), values.of("own_beyond", arc)))
        for (arc,) in values.keys("own_beyond")
    ]

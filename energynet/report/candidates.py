"""What a reader of the page may move: demand by country, the capacity of lines, market prices. All of it is read off the data."""

from __future__ import annotations

import numpy as np

from energynet.report.sliders import Slider
from energynet.results.arcs import congestion
from energynet.results.frames import carrier_of, country_of, money_unit, unit_of, volumes, weighted_days
from energynet.results.summary import contract_origins
from energynet.solution import Solution

MOST_LINES = 8  # of each kind
RANGES = {"demand": (0.5, 1.5), "capacity": (0.0, 2.0), "price": (0.5, 2.0)}
LARGE = {"mcm": ("bcm", 1000.0), "GWh": ("TWh", 1000.0)}


def candidates(solution: Solution) -> list[Slider]:
    """Every demand by country and carrier, the lines that were full or carried most, every price. First come those that have to do with
    the origins that contracts are about.
    """
    return [*_demands(solution), *_lines(solution), *_prices(solution)]


def _demands(solution: Solution) -> list[Slider]:
    system = solution.system
    demands, days = system["demands"], weighted_days(system)[:, 0]
    found: dict[tuple[str, str], list[str]] = {}
    for demand in demands:
        place = (country_of(system, demands.of("node", demand)), carrier_of(system, "demands", demand))
        found.setdefault(place, []).append(demand)
    taken = _of_followed(solution, "taken")
    sliders = []
    for (country, carrier), ids in found.items():
        unit, size = LARGE[unit_of(system, carrier)]
        volume = float(sum(np.nan_to_num(demands.number["quantity"][:, demands.position[d]]) @ days for d in ids)) / size
        label = str(system["countries"].of("name", country))
        changes = tuple(f"demand[{demand}].quantity *= {{}}" for demand in ids)
        if volume > 0.0:
            slider = Slider(f"demand/{country}/{carrier}", "demand", carrier, label, volume, unit, *RANGES["demand"], changes)
            sliders.append((sum(taken.get(one, 0.0) for one in ids), volume, slider))
    return [slider for _, _, slider in sorted(sliders, key=lambda one: (-one[0], -one[1]))]


def _lines(solution: Solution) -> list[Slider]:
    """A line is what the data name as one: its sections and directions move together. Those whose limits cost most, and those that
    carried most of what the contracts are about.
    """
    system = solution.system
    arcs, days = system["arcs"], weighted_days(system)[:, 0]
    rent = congestion(solution).groupby("arc", sort=False)["congestion_rent_musd"].sum().to_dict()
    carried = _of_followed(solution, "flow")
    found: dict[tuple[str, str], list[str]] = {}
    for arc in arcs:
        found.setdefault((str(arcs.of("line", arc) or arcs.of("name", arc)), carrier_of(system, "arcs", arc)), []).append(arc)
    weighed: list[tuple[float, float, Slider]] = []
    for (line, carrier), ids in found.items():
        where = [arcs.position[arc] for arc in ids]
        mean = days @ np.nan_to_num(arcs.number["available"][:, where]) / days.sum()
        changes = tuple(f"arc[{arc}].capacity *= {{}}" for arc in ids)
        unit = f"{unit_of(system, carrier)}/d"
        slider = Slider(f"capacity/{line}/{carrier}", "capacity", carrier, line, float(mean.max()), unit, *RANGES["capacity"], changes)
        if slider.base > 0.0:
            weighed.append((sum(rent.get(arc, 0.0) for arc in ids), max(carried.get(arc, 0.0) for arc in ids), slider))
    full = sorted((one for one in weighed if one[0] > 0.0), key=lambda one: -one[0])[:MOST_LINES]
    main = sorted((one for one in weighed if one[1] > 0.0), key=lambda one: -one[1])[:MOST_LINES]
    return list(dict.fromkeys(slider for _, _, slider in (*main, *full)))


def _of_followed(solution: Solution, variable: str) -> dict[str, float]:
    """What each record carried or took of the origins that contracts are about, units over the horizon."""
    followed, moved = set(contract_origins(solution)), volumes(solution, variable).sum(axis=0)
    out: dict[str, float] = {}
    for (record, origin), volume in zip(solution.keys(variable), moved.tolist(), strict=True):
        if origin in followed:
            out[record] = out.get(record, 0.0) + volume
    return out


def _prices(solution: Solution) -> list[Slider]:
    system = solution.system
    prices, days = system["prices"], weighted_days(system)[:, 0]
    sliders = []
    for price in prices:
        mean = float(np.nan_to_num(prices.number["value"][:, prices.position[price]]) @ days / days.sum())
        unit = money_unit(system, carrier_of(system, "prices", price))
        change = (f"price[{price}].value *= {{}}",)
        if mean > 0.0:
            name, carrier = str(prices.of("name", price)), carrier_of(system, "prices", price)
            sliders.append(Slider(f"price/{price}", "price", carrier, name, mean, unit, *RANGES["price"], change))
    return sliders

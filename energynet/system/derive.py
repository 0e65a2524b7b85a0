"""Data that follows from other data: what the algebra reads and no table holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energynet.schema import Table
from energynet.system.horizon import Floats, Horizon
from energynet.system.records import Records
from energynet.system.shapes import Shapes

Flags = NDArray[np.bool_]
EARTH_RADIUS_KM = 6371.0
MONEY = 0.001  # USD/tcm x mcm, and USD/MWh x GWh, are thousands of USD; the objective is in millions


def derived(name: str, ids: list[str], number: dict[str, Floats], periods: int) -> Records:
    """Records that no file holds."""
    return Records(Table(name, name, "", ()), tuple(ids), {}, number, np.ones((periods, len(ids))))


def follow_prices(records: Mapping[str, Records]) -> None:
    """Money tied to a market price: own number + factor x price, in place."""
    prices = records["prices"]
    for table in records.values():
        for column in table.table.all_columns:
            if column.price is None or column.factor is None:
                continue
            for (price,), share in table.share[column.price].items():
                value = prices.number["value"][:, prices.position[price]]
                table.number[column.name] += share * table.number[column.factor] * value[:, None]


def apply_profiles(records: Mapping[str, Records], shapes: Shapes) -> None:
    """A profile multiplies the number that its column names, in place: a demand's quantity, a price, an availability, an inflow."""
    for table in records.values():
        if not table.share.get("profile"):
            continue
        target = table.number[table.table.column("profile").shapes or ""]
        named = sum(table.share["profile"].values())
        shaped = sum(share * shapes.over(names)[:, None] for names, share in table.share["profile"].items())
        target *= (1.0 - named) + shaped


def period_data(horizon: Horizon, rate: float, base_year: int) -> Records:
    """One record, `all`: `days`, `days_weighted`; `money`, which turns USD/tcm x mcm/d (USD/MWh x GWh/d) into million USD a period, and
    `thousandth`, which does so for one unit, both discounted at `rate` from the calendar year of the period to the base year; `discount`.
    """
    weighted = (horizon.days * horizon.weight)[:, None]
    discount = ((1.0 + rate) ** -(horizon.year - base_year).astype(float))[:, None]
    numbers = {"days": horizon.days[:, None], "days_weighted": weighted, "discount": discount}
    numbers |= {"money": weighted * MONEY * discount, "thousandth": MONEY * discount}
    return derived("period", ["all"], numbers, len(horizon))


def derive_arcs(records: Mapping[str, Records], periods: int) -> None:
    """`booked` (units/d), `booking_charge` (USD/tcm x units/d, or USD/MWh x units/d) and `distance` (km) of each arc."""
    arcs, bookings, nodes = records["arcs"], records["bookings"], records["nodes"]
    booked, charge = np.zeros((periods, len(arcs))), np.zeros((periods, len(arcs)))
    for position, arc in enumerate(bookings.text["arc"]):
        amount = bookings.number["booked"][:, position]
        booked[:, arcs.position[arc]] += amount
        charge[:, arcs.position[arc]] += amount * bookings.number["charge"][:, position]
    ends = [[nodes.position[node] for node in arcs.text[end]] for end in ("from_node", "to_node")]
    straight = _great_circle(nodes.number["latitude"], nodes.number["longitude"], ends[0], ends[1])
    length = arcs.number["length_km"]
    arcs.number.update(booked=booked, booking_charge=charge, distance=np.where(np.isnan(length), straight, length))


def _great_circle(latitude: Floats, longitude: Floats, first: list[int], last: list[int]) -> Floats:
    """Distance by the haversine formula, km."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    a = np.sin((phi[last] - phi[first]) / 2) ** 2 + np.cos(phi[first]) * np.cos(phi[last]) * np.sin((lam[last] - lam[first]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0))), dtype=np.float64)


def derive_converters(records: Mapping[str, Records], carrier_of: Callable[[str, str], str]) -> None:
    """`yield`: units of output for one unit of input, from the energy efficiency (T, n)."""
    converters, carriers = records["converters"], records["carriers"]
    energy = {key: carriers.number["energy_per_unit"][position] for key, position in carriers.position.items()}
    ratio = [
        energy[carrier_of("nodes", source)] / energy[carrier_of("nodes", target)]
        for source, target in zip(converters.text["from_node"], converters.text["to_node"], strict=True)
    ]
    converters.number["yield"] = converters.number["efficiency"] * np.array(ratio)


def per_input(converters: Records) -> None:
    """`input_cost`: what the variable cost of the output is for one unit of input (T, n), once both are those of a period, in place."""
    converters.number["input_cost"] = converters.number["cost"] * converters.number["yield"]


def derive_storages(
    records: Mapping[str, Records], horizon: Horizon, end_rule: str, opens_at: Floats,
    carried: Mapping[tuple[str, str], float] | None = None,
) -> dict[str, Records]:  # fmt: skip
    """`daily` (0 or 1), `stock_days`, `retention`, `target` and `penalty` of each storage; its rate lines; and its opening and closing
    stocks by origin.

    `stock_days` is over how many days a period's rates change the stock: its own, and over representative days, but for a storage that
    returns each day to where it began, all days that the period stands for.

    `opens_at` is the working volume (n,) on the first day. `carried` is the opening stock by storage and origin (units) where it was handed
    on, in place of the one in the data.
    """
    storages, periods = records["storages"], len(horizon)
    number = storages.number
    daily = _daily(storages, horizon)
    number["daily"] = daily.astype(float)
    number["stock_days"] = np.where(daily, horizon.days[:, None], (horizon.days * horizon.weight)[:, None])
    number["retention"] = (1.0 - number["daily_loss"]) ** number["stock_days"]
    number["target"], number["penalty"] = (np.zeros((periods, len(storages))) for _ in range(2))
    opening = _stocks(records, horizon.covers_from[0]) if end_rule not in ("cyclic", "yearly") else {}
    closing = _stocks(records, horizon.covers_to[-1]) if end_rule == "stocks" else {}
    opening, closing = ({key: fill for key, fill in held.items() if not daily[storages.position[key[0]]]} for held in (opening, closing))
    targets = records["storage_targets"]
    for position, (storage, when) in enumerate(zip(targets.text["storage"], targets.text["date"], strict=True)):
        reached = np.flatnonzero(horizon.covers_to == np.datetime64(when, "h"))[-1:]
        for t in reached:
            k = storages.position[storage]
            number["target"][t, k] = targets.number["fill"][position] * number["working_volume"][t, k]
            number["penalty"][t, k] = targets.number["penalty"][t, position]
    last = number["working_volume"][-1]
    opened = np.array([fill * opens_at[storages.position[storage]] for (storage, _), fill in opening.items()], dtype=float)
    pairs = list(opening)
    if carried is not None:
        pairs, opened = list(carried), np.array(list(carried.values()), dtype=float)
    left = np.zeros((periods, len(closing)))
    left[-1] = [fill * last[storages.position[storage]] for (storage, _), fill in closing.items()]
    return {
        "opening_stocks": derived("opening_stocks", ["/".join(pair) for pair in pairs], {"stock": opened}, periods),
        "closing_stocks": derived("closing_stocks", ["/".join(pair) for pair in closing], {"stock": left}, periods),
        "storage_lines": _rate_lines(records["storage_curves"], periods),
    }


def _daily(storages: Records, horizon: Horizon) -> Flags:
    """Which storages return each representative day to where they began (n,)."""
    return np.array([horizon.representative and cycle == "day" for cycle in storages.text["cycle"]], dtype=bool)


def _stocks(records: Mapping[str, Records], when: np.datetime64) -> dict[tuple[str, str], float]:
    """Fill of each storage and origin at the beginning of a day."""
    stocks = records["storage_stocks"]
    there = np.flatnonzero(stocks.text["date"] == pd.Timestamp(when.astype("datetime64[D]"))).tolist()
    return {(stocks.text["storage"][k], stocks.text["origin"][k]): float(stocks.number["fill"][k]) for k in there}


def _rate_lines(curves: Records, periods: int) -> Records:
    """Each piece of a concave curve as a line: rate share = intercept + slope x fill."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for k, (storage, direction) in enumerate(zip(curves.text["storage"], curves.text["direction"], strict=True)):
        points.setdefault((storage, direction), []).append((float(curves.number["fill"][k]), float(curves.number["rate"][k])))
    ids, intercepts, slopes = [], [], []
    for (storage, direction), curve in points.items():
        ordered = sorted(curve)
        for piece, ((fill_0, rate_0), (fill_1, rate_1)) in enumerate(itertools.pairwise(ordered), start=1):
            slope = (rate_1 - rate_0) / (fill_1 - fill_0)
            ids.append(f"{storage}/{direction}/{piece}")
            intercepts.append(rate_0 - slope * fill_0)
            slopes.append(slope)
    return derived("storage_lines", ids, {"intercept": np.array(intercepts, dtype=float), "slope": np.array(slopes, dtype=float)}, periods)


def derive_permissions(records: Mapping[str, Records], carrier_of: Callable[[str, str], str], periods: int) -> dict[str, Records]:
    """`allowed`: the share of each period in which an origin may use an arc or be taken by a demand (T, pairs)."""
    origins, rules = records["origins"], records["permissions"]
    out = {}
    for name, table in (("arc_origins", "arcs"), ("demand_origins", "demands")):
        component = name.removesuffix("_origins")
        ids, columns = [], []
        for key in records[table]:
            carrier = carrier_of(table, key)
            about = [
                (set(rules.text["origin"][k]), rules.text["rule"][k], rules.present[:, k])
                for k in range(len(rules))
                if rules.text["component"][k] == component and fnmatchcase(key, rules.text["target"][k])
            ]
            for origin in origins.where("carrier", carrier):
                allowed = np.ones(periods)
                for named, rule, present in about:
                    if (origin in named) == (rule == "ban"):
                        allowed = np.minimum(allowed, 1.0 - present)
                ids.append(f"{key}/{origin}")
                columns.append(allowed)
        number = {"allowed": np.array(columns).T.reshape(periods, len(ids))}
        out[name] = derived(name, ids, number, periods)
    return out


def derive_tiers(records: Mapping[str, Records], periods: int) -> Records:
    """Each demand with each of its tiers: `share` and `value_factor`; a demand without a tier set has the one tier `all`."""
    demands, tiers = records["demands"], records["tiers"]
    ids, shares, factors = [], [], []
    for demand, chosen in zip(demands.ids, demands.text["tier_set"], strict=True):
        members = [k for k in range(len(tiers)) if chosen and tiers.text["tier_set"][k] == chosen]
        ids += [f"{demand}/{tiers.text['tier'][k]}" for k in members] or [f"{demand}/all"]
        shares += [float(tiers.number["share"][k]) for k in members] or [1.0]
        factors += [float(tiers.number["value_factor"][k]) for k in members] or [1.0]
    return derived("demand_tiers", ids, {"share": np.array(shares, dtype=float), "value_factor": np.array(factors, dtype=float)}, periods)

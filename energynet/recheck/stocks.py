"""Storages and weighted ceilings, re-evaluated."""

from __future__ import annotations

import numpy as np

from energynet.recheck.projects import grown
from energynet.recheck.values import Floats, Rows, Values, above, over


def storages(values: Values) -> Rows:
    """The stock from period to period, volumes, rates and their curves, closing stocks and targets."""
    system, rows = values.system, list[tuple[str, Floats]]()
    by_storage: dict[str, list[tuple[str, ...]]] = {}
    for key in values.keys("inventory"):
        by_storage.setdefault(key[0], []).append(key)
    for storage, keys in by_storage.items():
        data = {name: values.data("storages", name, storage) for name in system["storages"].number}
        begun = values.zero
        for key in keys:
            before = _before(values, key)
            begun = begun + before
            gained = data["injection_efficiency"] * values.of("inject", *key) - values.of("withdraw", *key) / data["withdrawal_efficiency"]
            if key[1] == system["storages"].of("inflow_origin", storage):
                gained = gained + data["inflow"] - values.of("spill", storage)
            days = _days_of_stock(values, storage)
            stock = (1.0 - data["daily_loss"]) ** days * before + days * gained
            rows.append((f"inventory[{','.join(key)}]", np.abs(values.of("inventory", *key) - stock)))
        ended = values.sum("inventory", keys)
        rows.append((f"working_volume[{storage}]", above(ended, data["working_volume"] + grown(values, "storage", storage, "volume"))))
        rows += [(f"closing_stock[{','.join(key)}]", above(_closing(values, key), values.of("inventory", *key))) for key in keys]
        rows.append((f"target[{storage}]", above(data["target"], ended + values.of("target_missing", storage))))
        for name, variable in (("injection", "inject"), ("withdrawal", "withdraw")):
            moved, added = values.sum(variable, keys), grown(values, "storage", storage, name)
            rows.append((f"{name}_rate[{storage}]", above(moved, data[f"available_{name}"] + added)))
            rows += _curves(values, storage, (name, variable), moved, added, (begun, ended))
    return rows


def _daily(values: Values, storage: str) -> bool:
    """Whether a stock returns each representative day to where it began."""
    return bool(values.system.horizon.representative and values.system["storages"].of("cycle", storage) == "day")


def _days_of_stock(values: Values, storage: str) -> Floats:
    """Over how many days a period's rates change a stock (T,): a seasonal stock over all days that the period stands for."""
    return values.days if _daily(values, storage) else values.weighted


def _before(values: Values, key: tuple[str, ...]) -> Floats:
    """Stock at the beginning of each period (T,)."""
    opening = values.system["opening_stocks"]
    place = opening.position.get("/".join(key))
    first = 0.0 if place is None else float(opening.number["stock"][place])
    previous = values.system.horizon.previous
    if _daily(values, key[0]):
        previous = values.system.horizon.previous_in_day
    return np.where(values.aligned(previous >= 0), values.of("inventory", *key)[previous], first)


def _closing(values: Values, key: tuple[str, ...]) -> Floats:
    """The least stock at the end of each period (T,): zero before the last."""
    closing = values.system["closing_stocks"]
    name = "/".join(key)
    return values.data("closing_stocks", "stock", name) if name in closing.position else values.zero


def _curves(
    values: Values, storage: str, ways: tuple[str, str], moved: Floats, added: Floats, stocks: tuple[Floats, Floats]
) -> Rows:  # fmt: skip
    """What is moved against every line of the curve, at both ends of the period; `ways` are the names of the rate and of its curve."""
    lines, rows = values.system["storage_lines"], list[tuple[str, Floats]]()
    rate, by_volume = (values.data("storages", name, storage) for name in (f"available_{ways[0]}", f"{ways[0]}_per_volume"))
    for key, k in lines.position.items():
        of, way, piece = key.split("/")
        if (of, way) == (storage, ways[1]):
            for at, stock in zip(("start", "end"), stocks, strict=True):
                limit = lines.number["intercept"][k] * (rate + added) + lines.number["slope"][k] * by_volume * stock
                rows.append((f"curve[{storage},{way},{piece},{at}]", above(moved, limit)))
    return rows


def ceilings(values: Values) -> Rows:
    """Weighted sums over a year against their bound."""
    system, rows = values.system, list[tuple[str, Floats]]()
    table, terms = system["ceilings"], system["ceiling_terms"]
    for ceiling, k in table.position.items():
        counted = counted_by(values, ceiling) * values.data("ceilings", "valid", ceiling)
        if len(terms) and ceiling not in set(terms.text["ceiling"]):
            continue
        present = table.present[:, k] > 0.0
        for year, inside in values.years(table.of("year", ceiling)):
            if (present & inside).any():
                limit = values.data("ceilings", "bound", ceiling)
                limited = ~np.isnan(limit[inside & present]).any(axis=0)
                bound = np.nan_to_num(limit * values.weighted)[inside].sum(axis=0)
                sign = 1.0 if table.of("sense", ceiling) == "at_most" else -1.0
                total = (counted * values.weighted)[inside].sum(axis=0)
                missed = values.of_year("missed", ceiling, year)
                rows.append((f"ceiling[{ceiling},{year}]", over(np.where(limited, sign * (total - bound) - missed, 0.0))))
    return rows


def counted_by(values: Values, ceiling: str) -> Floats:
    """What a ceiling counts, in its own unit a day (T,)."""
    terms, counted = values.system["ceiling_terms"], values.zero
    variable = {"supply": "supply", "arc": "flow", "converter": "convert", "demand": "taken", "contract": "delivered"}
    for j in range(len(terms)):
        if terms.text["ceiling"][j] == ceiling:
            component, target, origin = (terms.text[c][j] for c in ("component", "target", "origin"))
            name = variable[component]
            whole = component in ("supply", "contract") or not origin
            keys = [key for key in values.keys(name) if key[0] == target and (whole or origin == key[1])]
            counted = counted + terms.number["weight"][j] * values.sum(name, keys)
    return counted

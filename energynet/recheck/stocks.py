"""Storages and weighted ceilings, re-evaluated."""

from __future__ import annotations

import numpy as np

from energynet.recheck.projects import grown
from energynet.recheck.values import Floats, Rows, Values, above


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
            most, volume = (data[name] + added) * data["availability"], data["working_volume"] + grown(values, "storage", storage, "volume")
            rows.append((f"{name}_rate[{storage}]", above(moved, most)))
            rows += _curves(values, storage, variable, moved / np.where(most > 0.0, most, np.inf), (begun, ended), volume)
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
    return np.where(previous >= 0, values.of("inventory", *key)[previous], first)


def _closing(values: Values, key: tuple[str, ...]) -> Floats:
    """The least stock at the end of each period (T,): zero before the last."""
    closing = values.system["closing_stocks"]
    place = closing.position.get("/".join(key))
    return values.zero if place is None else closing.number["stock"][:, place]


def _curves(values: Values, storage: str, direction: str, share: Floats, stocks: tuple[Floats, Floats], volume: Floats) -> Rows:
    """The share of the greatest rate against every line of the curve, at both ends of the period."""
    lines, rows = values.system["storage_lines"], list[tuple[str, Floats]]()
    for key, k in lines.position.items():
        of, way, piece = key.split("/")
        if (of, way) == (storage, direction):
            for at, stock in zip(("start", "end"), stocks, strict=True):
                limit = lines.number["intercept"][k] + lines.number["slope"][k] * stock / volume
                rows.append((f"curve[{storage},{way},{piece},{at}]", above(share, limit)))
    return rows


def ceilings(values: Values) -> Rows:
    """Weighted sums over a year against their bound."""
    system, rows = values.system, list[tuple[str, Floats]]()
    table, terms = system["ceilings"], system["ceiling_terms"]
    for ceiling, k in table.position.items():
        counted = counted_by(values, ceiling)
        if len(terms) and ceiling not in set(terms.text["ceiling"]):
            continue
        present = table.present[:, k]
        for year, inside in values.years(table.of("year", ceiling)):
            valid = (present * values.weighted)[inside]
            if valid.sum() > 0.0 and not np.isnan(table.number["quantity"][inside, k]).any():
                quantity = float((table.number["quantity"][inside, k] * valid).sum() / valid.sum())
                bound = quantity * float(valid.sum()) / _days(year)
                sign = 1.0 if table.of("sense", ceiling) == "at_most" else -1.0
                total = float((counted * values.weighted)[inside].sum())
                missed = values.of_year("missed", ceiling, year)
                rows.append((f"ceiling[{ceiling},{year}]", np.array([max(sign * (total - bound) - missed, 0.0)])))
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


def _days(year: str) -> float:
    """Days of `2024`, or of the gas year `2024/2025`."""
    if "/" in year:
        first = np.datetime64(f"{year.split('/', maxsplit=1)[0]}-10-01")
        return float((np.datetime64(f"{year.split('/')[1]}-10-01") - first).astype(int))
    return float((np.datetime64(f"{int(year) + 1}-01-01") - np.datetime64(f"{year}-01-01")).astype(int))

"""What a column of a result table is counted in, for headings that people read."""

from __future__ import annotations

import pandas as pd

VOLUMES = (
    "volume", "contract", "beyond_contract", "demand", "production", "imports", "exports", "storage_change", "fuel_and_losses", "converted",
    "swaps", "served", "unserved", "annual_quantity", "take_or_pay", "delivered", "make_up", "make_up_bank", "carry_forward", "not_taken",
    "inventory", "injection", "withdrawal", "lost",
)  # fmt: skip
UNITS = {
    **dict.fromkeys(VOLUMES, "{unit}"), **dict.fromkeys(("per_day", "net_per_day", "capacity_per_day"), "{unit}/d"),
    **dict.fromkeys(("price", "lowest", "highest", "tariffs", "bookings", "netback", "value", "worst", "tolerance"), "{unit}"),
    **dict.fromkeys(("utilisation", "share_of_demand", "fill", "share", "load_factor"), "share"), "fuel": "{unit}",
    "usd_per_mwh": "USD/MWh", "eur_per_mwh": "EUR/MWh",
    "congestion_price": "{price_unit}", "days": "d", "bcm": "bcm", "gwh": "GWh", "musd": "million USD",
    "congestion_rent_musd": "million USD",
    **dict.fromkeys(("counted", "quantity", "missed", "added", "total", "maximum"), "{unit}"), "usd_per_unit": "USD per {unit}",
    **dict.fromkeys(("charge_musd", "annuity_musd"), "million USD"),
    **dict.fromkeys(("worth_of_more_musd", "worth_of_less_musd", "annuity_of_more_musd"), "million USD per {unit}"),
    **dict.fromkeys(("value_over_annuity", "value_over_annuity_from_here"), "ratio"),
    **dict.fromkeys(("unit_more_musd", "unit_less_musd"), "million USD per {unit}"),
    **dict.fromkeys(("percent_more_musd", "percent_less_musd"), "million USD"),
    "periods_at_limit": "periods", "hours_at_limit": "h",
}  # fmt: skip
OTHERWISE = {
    ("netbacks", "volume"): "mcm or GWh",  # where `unit` is that of the prices
    **{("congestion", f"worth_of_{way}_musd"): "million USD per {unit}/d" for way in ("more", "less")},
}
FEW = 2


def unit_of_column(table: str, frame: pd.DataFrame, column: str) -> str:
    """The unit of a column of numbers, `mcm/d`; of both where two stand in the table; `see unit` where there are more; empty for none."""
    if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
        return ""
    pattern = OTHERWISE.get((table, column), UNITS.get(column, ""))
    for name in ("unit", "price_unit"):
        if f"{{{name}}}" in pattern:
            if name not in frame:
                return ""
            found = [str(cell) for cell in dict.fromkeys(frame[name])]
            if len(found) > FEW:
                return f"see {name}"
            pattern = " or ".join(pattern.replace(f"{{{name}}}", one) for one in found)
    return pattern


def heading(table: str, frame: pd.DataFrame, column: str) -> str:
    """The column's name, and its unit in square brackets."""
    unit = unit_of_column(table, frame, column)
    return f"{column} [{unit}]" if unit else str(column)

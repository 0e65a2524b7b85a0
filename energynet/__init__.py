"""energynet: an optimizer of gas and power flows, with a certificate for every answer.

    import energynet as en

    model = en.load("models/corridor-2025.yaml")
    result = model.solve(changes=["demand[tr_market].quantity *= 1.1"])
    result.tables["deliveries"]
    old = en.open("results/corridor-2025/RUN")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from energynet.dataset.changes import Change, parse_change
    from energynet.errors import EnergynetError, InputFaults
    from energynet.model import Model, load
    from energynet.results.result import Result
    from energynet.results.store import open_run as open  # noqa: A004

__version__ = "0.1.0"
__all__ = ["Change", "EnergynetError", "InputFaults", "Model", "Result", "load", "open", "parse_change"]

_PLACES = {
    "load": ("energynet.model", "load"),
    "Model": ("energynet.model", "Model"),
    "open": ("energynet.results.store", "open_run"),
    "Result": ("energynet.results.result", "Result"),
    "Change": ("energynet.dataset.changes", "Change"),
    "parse_change": ("energynet.dataset.changes", "parse_change"),
    "EnergynetError": ("energynet.errors", "EnergynetError"),
    "InputFaults": ("energynet.errors", "InputFaults"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _PLACES:
        raise AttributeError(f"module 'energynet' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)

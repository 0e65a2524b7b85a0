"""Reading and checking of data packages, model files and changes; it knows the components by their declarations only."""

from energynet.dataset.case import Case, find_model, list_models, read_case
from energynet.dataset.changes import Change, parse_change, resolve
from energynet.dataset.checks import CHECKS, check, load_inputs
from energynet.dataset.keys import Carriers, record_ids
from energynet.dataset.model_file import HorizonSpec, Options
from energynet.dataset.package import Package, read_package

__all__ = [
    "CHECKS",
    "Carriers",
    "Case",
    "Change",
    "HorizonSpec",
    "Options",
    "Package",
    "check",
    "find_model",
    "list_models",
    "load_inputs",
    "parse_change",
    "read_case",
    "read_package",
    "record_ids",
    "resolve",
]

"""Reading and checking of data packages, model files and changes; it knows the components by their declarations only."""

from energynet.dataset.case import Case, find_model, list_models, read_case
from energynet.dataset.changes import Change, parse_change
from energynet.dataset.checks import CHECKS, check, load_inputs
from energynet.dataset.design import Design, Distribution, Range, Values, Vary, grid, parse_vary
from energynet.dataset.design_file import read_design
from energynet.dataset.keys import Carriers, record_ids
from energynet.dataset.model_file import HorizonSpec, Options
from energynet.dataset.package import Package, read_package
from energynet.dataset.resolve import resolve
from energynet.dataset.sample import Sample, draw, parse_sample

__all__ = [
    "CHECKS",
    "Carriers",
    "Case",
    "Change",
    "Design",
    "Distribution",
    "HorizonSpec",
    "Options",
    "Package",
    "Range",
    "Sample",
    "Values",
    "Vary",
    "check",
    "draw",
    "find_model",
    "grid",
    "list_models",
    "load_inputs",
    "parse_change",
    "parse_sample",
    "parse_vary",
    "read_case",
    "read_design",
    "read_package",
    "record_ids",
    "resolve",
]

"""What a model file may hold, as pydantic models: they check it, and give the JSON Schema for editors."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from energynet.dataset.cells import DAY

STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
SCHEMA_FILE = Path(__file__).with_name("model.schema.json")
Step = Literal["year", "month", "day", "hour"]
OBJECTIVES = ("cost", "unserved", "curtailment", "income:ORIGIN")
OBJECTIVE = r"^(cost|unserved|curtailment|income:[A-Za-z0-9_-]+)$"


def _day(value: Any) -> Any:  # noqa: ANN401
    """Days only: a number is not a day, though pydantic would take it for seconds since 1970."""
    if not (isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value))):
        raise ValueError("is not a day written as 2025-12-31")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class HorizonSpec(BaseModel):
    """The days solved, both inclusive, how long a period is, and whether all days are solved or one that stands for its month."""

    model_config = STRICT

    start: Day = Field(description="first day")
    end: Day = Field(description="last day, inclusive")
    step: Step = Field(default="month", description="length of a period")

    days: Literal["all", "representative"] = Field(
        default="all",
        description="all: every day; representative: the 24 hours of one day a month, each the mean of that hour over all days of the "
        "month, for which it stands",
    )

    @model_validator(mode="after")
    def _whole_steps(self) -> HorizonSpec:
        if self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}")
        after = self.end + timedelta(days=1)
        if self.days == "representative" and self.step != "hour":
            raise ValueError(f"has representative days, which are made of hours: step is {self.step}")
        if (self.step in ("month", "year") or self.days == "representative") and not self.start.day == after.day == 1:
            raise ValueError(f"{self.start} to {self.end} is not a whole number of months")
        if self.step == "year" and not self.start.month == after.month == 1:
            raise ValueError(f"{self.start} to {self.end} is not a whole number of calendar years")
        return self


class Options(BaseModel):
    """How a case is solved."""

    model_config = STRICT

    unserved: Literal["allowed", "forbidden"] = Field(
        default="allowed", description="whether firm demand may go unserved, at its value of lost load"
    )
    storage_end: Literal["stocks", "cyclic", "yearly", "free"] = Field(
        default="stocks",
        description="closing stocks: as in storage_stocks, as the opening ones (cyclic; yearly: in each calendar year), or free",
    )
    discount_rate: float | None = Field(
        default=None, ge=0, lt=1, description="a year, at which money is discounted to the first year; needed beyond one year, 0 is a rate"
    )
    years: Literal["together", "rolled"] = Field(
        default="together",
        description="together: one plan of all years; rolled: one calendar year after the other, each with what was built before it",
    )
    demand: Literal["firm", "elastic"] = Field(
        default="firm", description="firm: as it stands; elastic: the shares that `elasticities` names answer to the price"
    )
    tariffs: Literal["volume", "capacity"] = Field(
        default="volume",
        description="volume: flow beyond the bookings pays by volume; capacity: where an arc has capacity_products, for them instead",
    )
    contract_years: Literal["separate", "rolling", "foresight"] = Field(
        default="separate",
        description="separate: no bank from contract year to contract year; rolling: a buyer plans one contract year at a time and hands "
        "on make-up and carry-forward; foresight: all years in one program with whole numbers",
    )
    time_limit: float | None = Field(default=None, gt=0, description="seconds that the solver may take; none: no limit")
    threads: int = Field(default=1, ge=1, description="threads of the solver")
    price_ranges: Literal["none", "demands", "nodes"] = Field(
        default="demands", description="of which prices the least and greatest optimal value is found"
    )
    second_stage: StrictBool = Field(default=True, description="whether a tie between equal answers is broken in the fixed order")


class ModelFile(BaseModel):
    """A model file after its parents are merged in."""

    model_config = STRICT

    title: str = Field(default="", description="one line for people")
    data: str = Field(description="the data package: a folder or a workbook, relative to this file")
    horizon: HorizonSpec
    origins: Literal["tracked", "single"] = Field(default="tracked", description="whether flows are kept apart by origin")
    carriers: tuple[str, ...] | None = Field(default=None, description="carriers in the model; none: all of the data package")
    objective: str = Field(
        default="cost", pattern=OBJECTIVE,
        description="cost; or what is met before it: unserved (least unserved energy), curtailment (smallest worst national share "
        "unserved), income:ORIGIN (least unserved, then the largest net income of an origin at sale_prices)",
    )  # fmt: skip
    projects: tuple[str, ...] = Field(default=(), description="projects that may be built: ids or globs of the table; none: none")
    options: Options = Field(default=Options())
    changes: tuple[str, ...] = Field(default=(), description="changes to the data, e.g. arc[tanap_*].capacity = 24 bcm/y")
    scenarios: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="named lists of changes")
    extends: str | None = Field(default=None, description="another model file, which this one is merged over")


def write_model_file_schema(target: Path = SCHEMA_FILE) -> Path:
    """Write the JSON Schema of a model file beside this module, or elsewhere."""
    target.write_text(json.dumps(model_file_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def model_file_schema() -> dict[str, Any]:
    """The JSON Schema of a model file, for editors. A file that extends another need not say what the other says."""
    schema = ModelFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "energynet model file"
    needed = schema.pop("required")
    schema["anyOf"] = [{"required": needed}, {"required": ["extends"]}]
    horizon = schema["$defs"]["HorizonSpec"]
    horizon.pop("required", None)
    return schema

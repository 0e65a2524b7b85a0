"""The second reader: projects and storages."""

from __future__ import annotations

from datetime import date, timedelta
from fnmatch import fnmatchcase
from itertools import pairwise

from oracle.days import IN_GWH, IN_MCM, days_of_year
from oracle.linear import INF, Terms
from oracle.links import minus, there

OF_COMPONENT = {"arc": "arcs", "supply": "supplies", "converter": "converters", "storage": "storages"}


def projects(b) -> None:
    """What may be built in each calendar year, what then stands, and what it costs."""
    d, lp = b.data, b.lp
    years = list(b.years("calendar"))
    columns: dict[str, dict[str, int]] = {}
    for key in d.rows["projects"]:
        row = d.rows["projects"][key][0]
        first, life = (d.constant("projects", key, c) for c in ("first_year", "lifetime"))
        most = d.number("projects", row, "maximum", b.start)
        step = d.number("projects", row, "step", b.start)
        added = {year: lp.add("added", (key, year), None, upper=most if int(year) >= first else 0.0) for year in years}
        columns[key] = {}
        for year in years:
            inside = [b.periods[t] for t in b.years("calendar")[year]]
            share = sum(p.days for p in inside) / days_of_year(int(year))
            days = [moment.day for p in inside for moment in p.moments]
            yearly = sum(yearly_cost(d, key, day) for day in days) / len(days)
            cost = yearly * share * b.discount(int(year))
            column = columns[key][year] = lp.add("installed", (key, year), None, upper=most if int(year) >= first else 0.0, cost=cost)
            standing = [(added[built], -1.0) for built in years if 0 <= int(year) - int(built) < life]
            inherited = sum(amount for (name, of), amount in b.built.items() if name == key and 0 <= int(year) - of < life)
            lp.row(f"installed {key} {year}", [(column, 1.0), *standing], inherited, inherited)
            if step is not None:
                steps = lp.add("steps", (key, year), None, whole=True)
                lp.row(f"steps {key} {year}", [(added[year], 1.0), (steps, -step)], 0.0, 0.0)
        for component, target in targets(d, key):
            b.installed.setdefault(f"{component}/{target}", []).append((key, columns[key]))
    for key in d.rows["projects"]:
        after = d.cell("projects", key, "after")
        if after in columns:
            mine, other = (d.number("projects", d.rows["projects"][k][0], "maximum", b.start) for k in (key, after))
            for year in years:
                lp.row(f"after {key} {year}", [(columns[key][year], other), (columns[after][year], -mine)], high=0.0)


def targets(d, key: str) -> list[tuple[str, str]]:
    """What a project expands; the corridors of its arcs grow with them, once each."""
    row = d.rows["projects"][key][0]
    component = row["component"]
    globs = [part.strip() for part in row["target"].split(";")]
    found = [name for name in d.rows[OF_COMPONENT[component]] if any(fnmatchcase(name, glob) for glob in globs)]
    corridors = (
        dict.fromkeys(d.cell("arcs", arc, "corridor") for arc in found if d.cell("arcs", arc, "corridor")) if component == "arc" else {}
    )
    return [(component, name) for name in found] + [("corridor", name) for name in corridors]


def yearly_cost(d, key: str, day: date) -> float:
    """Annuity and upkeep of a unit, million USD a year: capital spent evenly over the construction years, each part half a year before the
    end of its year, with interest up to the first day of operation.
    """
    row = d.rows["projects"][key][0]
    rate, life, building = (d.constant("projects", key, c) for c in ("rate", "lifetime", "construction_years"))
    capital = d.number("projects", row, "capital_cost", day)
    upkeep = (d.number("projects", row, "fixed_cost", day) or 0.0) + d.constant("projects", key, "fixed_share") * capital
    if rate == 0.0:
        return capital / life + upkeep
    if building > 0.0:
        if building == int(building):
            capital *= sum((1.0 + rate) ** (n + 0.5) for n in range(int(building))) / building
        else:
            capital *= ((1.0 + rate) ** building - 1.0) / rate / building * (1.0 + rate) ** 0.5
    return capital / ((1.0 - (1.0 + rate) ** -life) / rate) + upkeep


def of_project(b, key: str, storage: str, measure: str, at) -> float:
    """What a unit of a project adds to the volume or a rate of a storage at a moment."""
    d, row = b.data, b.data.rows["projects"][key][0]
    unit = row.numbers["maximum"][0][1] or row["capacity_unit"]
    in_volume = unit.partition("[")[0] in (*IN_MCM, *IN_GWH)
    hours = d.constant("projects", key, "hours") if "hours" in row.numbers else None
    if row["proportional"] == "yes":
        held = d.on("storages", storage, at.day)
        volume = d.number("storages", held, "working_volume", at.day) if held else 0.0
        return 1.0 if measure == "volume" else d.number("storages", held, measure, at.day) / volume if volume else 0.0
    if in_volume:
        return 1.0 if measure == "volume" else (24.0 / hours if hours else 0.0)
    return (hours / 24.0 if hours else 0.0) if measure == "volume" else 1.0


def added_to(b, storage: str, measure: str, t: int) -> Terms:
    p, share = b.periods[t], there(b, "storages")
    found = []
    for key, years in b.installed.get(f"storage/{storage}", []):
        amount = b.mean(
            p, "storages", storage,
            lambda row, at, k=key: of_project(b, k, storage, measure, at) * (1.0 if measure == "volume" else share(row, at)), absent=0.0,
        )  # fmt: skip
        found.append((years[p.group("calendar")], amount))
    return found


def before(b, t: int, *, daily: bool) -> int | None:
    """The period whose end stock a period begins with; None for the first."""
    rule = b.options.get("storage_end", "stocks")
    if daily:
        return t - 1 if t % 24 else t + 23
    same_year = b.years("calendar")[b.periods[t].group("calendar")]
    if rule == "yearly" and t == same_year[0]:
        return same_year[-1]
    if t == 0:
        return len(b.periods) - 1 if rule == "cyclic" else None
    return t - 1


def storages(b) -> None:
    d, lp = b.data, b.lp
    for storage in b.keys("storages"):
        volumes = [d.number("storages", row, "working_volume", b.start) for row in d.rows["storages"][storage]]
        if not any(volumes) and f"storage/{storage}" not in b.installed:
            continue  # it does not exist: without a volume that a project could expand its inflow is not there either
        node = d.cell("storages", storage, "node")
        origins = b.origins[d.cell("nodes", node, "carrier")]
        for t in range(len(b.periods)):
            for origin in origins:
                b.inventory[storage, origin, t] = lp.add("inventory", (storage, origin), t)
        for t in range(len(b.periods)):
            storage_period(b, storage, node, origins, t)
        ends_and_targets(b, storage, origins)


def storage_period(b, storage: str, node: str, origins: list[str], t: int) -> None:
    d, lp, p = b.data, b.lp, b.periods[t]
    daily = b.representative and d.cell("storages", storage, "cycle") == "day"
    days = p.length if daily else p.days

    def of(column: str):
        return lambda row, at: d.number("storages", row, column, at.day) or 0.0

    def mean(what, **kind):
        return b.mean(p, "storages", storage, what, **kind)

    open_then = there(b, "storages")
    stored = mean(of("injection_efficiency"), used=open_then)
    drawn = mean(lambda row, at: 1.0 / of("withdrawal_efficiency")(row, at), used=open_then)
    kept = 1.0
    for moment in p.moments:
        row = d.on("storages", storage, moment.day)
        if row is not None:
            kept *= (1.0 - (d.number("storages", row, "daily_loss", moment.day) or 0.0)) ** (days / len(p.moments))
    start = before(b, t, daily=daily)
    moved: dict[str, Terms] = {"injection": [], "withdrawal": []}
    fed = d.cell("storages", storage, "inflow_origin")
    inflow = mean(lambda row, at: of("inflow")(row, at) * d.shape(row["profile"], at), absent=0.0)
    for origin in origins:
        opening = 0.0 if start is not None else opening_stock(b, storage, origin)
        stock: Terms = [(b.inventory[storage, origin, t], 1.0)]
        if start is not None:
            stock.append((b.inventory[storage, origin, start], -kept))
        right = kept * opening
        if stored is not None:
            costs = [mean(of(column), used=open_then) for column in ("injection_cost", "withdrawal_cost")]
            inject, withdraw = (
                lp.add(name, (storage, origin), t, cost=b.worth(p) * cost) for name, cost in zip(("inject", "withdraw"), costs, strict=True)
            )
            b.moved[storage, origin, t] = (inject, withdraw)
            moved["injection"].append((inject, 1.0))
            moved["withdrawal"].append((withdraw, 1.0))
            stock += [(inject, -days * stored), (withdraw, days * drawn)]
            b.arrive(node, origin, t, inject, -1.0)
            b.arrive(node, origin, t, withdraw, 1.0)
        if origin == fed and inflow > 0.0:
            stock.append((lp.add("spill", (storage,), t), days))
            right += days * inflow
        lp.row(f"stock {storage} {origin} {p.label}", stock, right, right)
    held = [(b.inventory[storage, origin, t], 1.0) for origin in origins]
    lp.row(f"volume {storage} {p.label}", held + minus(added_to(b, storage, "volume", t)), high=volume_at_end(b, storage, p, daily=daily))
    for measure, terms in moved.items():
        rates(b, storage, measure, terms, origins, t, start)


def volume_at_end(b, storage: str, p, *, daily: bool) -> float:
    """The working volume at the end of a period, where it bounds the stock; of days that return to where they began the mean."""
    if daily:
        return b.mean(p, "storages", storage, b.of("storages", "working_volume"), absent=0.0)
    row = b.data.on("storages", storage, p.moments[-1].day)
    return b.data.number("storages", row, "working_volume", p.moments[-1].day) if row else 0.0


def rates(b, storage: str, measure: str, moved: Terms, origins: list[str], t: int, start: int | None) -> None:
    """The greatest rate, and the lines of its curve by the stock at both ends of the period."""
    if not moved:
        return
    d, lp, p, share = b.data, b.lp, b.periods[t], there(b, "storages")

    def rate(row, at) -> float:
        return d.number("storages", row, measure, at.day) * share(row, at)

    def rate_a_volume(row, at) -> float:
        volume = d.number("storages", row, "working_volume", at.day)
        return rate(row, at) / volume if volume else 0.0

    most, added = b.mean(p, "storages", storage, rate, absent=0.0), added_to(b, storage, measure, t)
    lp.row(f"{measure} {storage} {p.label}", moved + minus(added), high=most)
    way = {"injection": "inject", "withdrawal": "withdraw"}[measure]
    points = sorted(
        (row.numbers["fill"][0][0], row.numbers["rate"][0][0])
        for row in d.tables["storage_curves"].rows
        if (row["storage"], row["direction"]) == (storage, way)
    )
    by_stock = b.mean(p, "storages", storage, rate_a_volume, absent=0.0)
    for (fill_0, rate_0), (fill_1, rate_1) in pairwise(points):
        slope = (rate_1 - rate_0) / (fill_1 - fill_0)
        intercept = rate_0 - slope * fill_0
        for end in (start, t):
            stock: Terms = []
            fixed = 0.0
            for origin in origins:
                if end is None:
                    fixed += opening_stock(b, storage, origin)
                else:
                    stock.append((b.inventory[storage, origin, end], -slope * by_stock))
            high = most * intercept + slope * by_stock * fixed
            lp.row(f"{measure} curve {storage} {p.label}", moved + stock + minus(added, intercept), high=high)


def opening_stock(b, storage: str, origin: str) -> float:
    """The stock at the beginning: handed on by the time before, or as the data say it."""
    return stock_on(b, storage, origin, b.start, b.start) if b.opening is None else b.opening.get((storage, origin), 0.0)


def stock_on(b, storage: str, origin: str, when: date, volume_on: date) -> float:
    """The stock of an origin at the beginning of a day, by the working volume of a day."""
    d, row = b.data, b.data.on("storages", storage, volume_on)
    if row is None:
        return 0.0
    rows = [
        r for r in d.tables["storage_stocks"].rows if (r["storage"], r["origin"]) == (storage, origin) and r["date"] == when.isoformat()
    ]
    return sum(r.numbers["fill"][0][0] for r in rows) * d.number("storages", row, "working_volume", volume_on)


def ends_and_targets(b, storage: str, origins: list[str]) -> None:
    d, lp, last = b.data, b.lp, len(b.periods) - 1
    daily = b.representative and d.cell("storages", storage, "cycle") == "day"
    if b.options.get("storage_end", "stocks") == "stocks" and not daily:
        for origin in origins:
            left = stock_on(b, storage, origin, b.end + timedelta(1), b.end)
            if left > 0.0:
                lp.row(f"closing stock {storage} {origin}", [(b.inventory[storage, origin, last], 1.0)], low=left)
    for row in d.tables["storage_targets"].rows:
        day = date.fromisoformat(row["date"])
        ending = [t for t, p in enumerate(b.periods) if p.moments[-1].day + timedelta(1) == day and p.moments[-1].hour in (None, 23)]
        held = d.on("storages", storage, day - timedelta(1))
        if row["storage"] != storage or not ending or held is None:
            continue
        t = ending[-1]
        wanted = d.number("storage_targets", row, "fill", day) * d.number("storages", held, "working_volume", day - timedelta(1))
        if wanted <= 0.0:
            continue
        days = [moment.day for moment in b.periods[t].moments]
        penalty = sum(d.number("storage_targets", row, "penalty", of) for of in days) / len(days) * b.discount(days[0].year)
        missing = lp.add("target_missing", (storage,), t, upper=wanted, cost=penalty)
        stock = [(b.inventory[storage, origin, t], 1.0) for origin in origins]
        lp.row(f"target {storage} {row['date']}", [*stock, (missing, 1.0)], low=wanted, high=INF)

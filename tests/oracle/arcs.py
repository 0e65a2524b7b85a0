"""The second reader: arcs, the lines that net opposite flows, fuel, bookings and corridors."""

from __future__ import annotations

from oracle.linear import INF, Terms
from oracle.links import grown, minus, there, usable


def arcs(b) -> None:
    d, lp, there_is = b.data, b.lp, there(b, "arcs")

    def product(column: str):
        return lambda row, at: (d.number("arcs", row, column, at.day) or 0.0) * there_is(row, at)

    sold = products_of_arcs(b)
    booked = {d.cell("bookings", key, "arc") for key in b.keys("bookings")}
    b.flow = {}
    netting(b)
    for arc in b.keys("arcs"):
        ends = [d.cell("arcs", arc, end) for end in ("from_node", "to_node")]
        carrier, segments = d.cell("nodes", ends[0], "carrier"), segments_of(b, arc)
        for t, p in enumerate(b.periods):
            capacity = b.mean(p, "arcs", arc, product("capacity"), absent=0.0)
            added = grown(b, "arc", arc, t, b.mean(p, "arcs", arc, there_is, absent=0.0))
            price = b.mean(p, "arcs", arc, tariff_of(b), used=usable(b, "arc", arc, "capacity"))
            if price is None:  # the arc is not there in this period
                continue
            loss = b.mean(p, "arcs", arc, b.of("arcs", "loss"), used=usable(b, "arc", arc, "capacity"))
            through: Terms = []
            for origin in b.origins[carrier]:
                column = lp.add("flow", (arc, origin), t)
                b.flow[arc, origin, t] = column
                through.append((column, 1.0))
                b.arrive(ends[0], origin, t, column, -1.0)
                b.arrive(ends[1], origin, t, column, 1.0 if segments else 1.0 - loss)
                permitted(b, arc, origin, t, column)
            spared = spare(b, arc, t, through, origins=b.origins[carrier], losing=bool(segments) or loss > 0.0)
            for origin, column in spared.items():
                b.arrive(ends[1], origin, t, column, 0.0 if segments else loss)
            fuel_by_segment(b, arc, ends[1], segments, t, spared)
            net = b.net[arc, t] = through + [(column, -1.0) for column in b.netted.get((arc, t), ())]
            lp.row(f"capacity {arc} {p.label}", net + minus(added), high=capacity)
            for column in b.netted.get((arc, t), ()):
                lp.row(f"most netted {arc} {p.label}", [(column, 1.0), *minus(added)], high=capacity)
            least = b.mean(p, "arcs", arc, product("minimum"), absent=0.0)
            if least > 0.0:
                lp.row(f"minimum {arc} {p.label}", net, low=least)
            paying = through
            if arc in booked:
                held = total_of(b, "bookings", "arc", arc, p, b.of("bookings", "booked"))
                beyond = lp.add("beyond", (arc,), t)
                lp.row(f"booking {arc} {p.label}", [(beyond, 1.0), *minus(through)], low=-held)
                paying = [(beyond, 1.0)]
            b.beyond[arc, t] = paying
            if arc not in sold:
                for column, share in paying:
                    lp.cost[column] += b.worth(p) * price * share
    booking_charges(b)
    corridors(b)


def netting(b) -> None:
    """Opposite flows on one line of a carrier that nets them only exchange their origins: the line carries the difference. Two arcs are one
    line where they join the same nodes, in one corridor or, without one, under one name of a line; and no other arc does.
    """
    d = b.data
    ways: dict[tuple[str, ...], list[str]] = {}
    for arc in b.keys("arcs"):
        if d.rows["carriers"][d.cell("nodes", d.cell("arcs", arc, "from_node"), "carrier")][0]["netting"] == "yes":
            corridor = d.cell("arcs", arc, "corridor")
            name = (corridor, "") if corridor else ("", d.cell("arcs", arc, "line"))
            ways.setdefault((d.cell("arcs", arc, "from_node"), d.cell("arcs", arc, "to_node"), *name), []).append(arc)
    for (start, end, *name), ahead in ways.items():
        back = ways.get((end, start, *name), [])
        if start < end and len(ahead) == len(back) == 1:
            b.line |= {ahead[0]: back[0], back[0]: ahead[0]}
            for t, p in enumerate(b.periods):
                if all(b.mean(p, "arcs", arc, b.of("arcs", "capacity")) is not None for arc in (ahead[0], back[0])):
                    b.netted[ahead[0], t] = b.netted[back[0], t] = [b.lp.add("netted", (ahead[0], back[0]), t)]


def spare(b, arc: str, t: int, through: Terms, *, origins: list[str], losing: bool) -> dict[str, int]:
    """What is netted pays no loss: of which origin, as it is best; no more of any than is sent."""
    spared: dict[str, int] = {}
    for netted in b.netted.get((arc, t), ()):
        if not losing:
            b.lp.row(f"netted {arc} {b.periods[t].label}", [(netted, 1.0), *minus(through)], high=0.0)
            continue
        for origin in origins:
            spared[origin] = b.lp.add("spared", (arc, origin), t)
            b.lp.row(f"spared {arc} {origin} {b.periods[t].label}", [(spared[origin], 1.0), (b.flow[arc, origin, t], -1.0)], high=0.0)
        b.lp.row(f"netted {arc} {b.periods[t].label}", [*((column, 1.0) for column in spared.values()), (netted, -1.0)], 0.0, 0.0)
    return spared


def booking_charges(b) -> None:
    """Booked capacity is paid for, flown or not."""
    booked, charge = b.of("bookings", "booked"), b.of("bookings", "charge")
    for key in b.keys("bookings"):
        for p in b.periods:
            b.lp.offset += b.worth(p) * b.mean(p, "bookings", key, lambda row, at: booked(row, at) * charge(row, at), absent=0.0)


def tariff_of(b):
    """Haulage, entry and exit charge of an arc at a moment."""
    columns = ("tariff", "entry_tariff", "exit_tariff")
    return lambda row, at: sum(b.data.number("arcs", row, column, at.day) or 0.0 for column in columns)


def products_of_arcs(b) -> set[str]:
    """The arcs whose flow beyond bookings needs bought capacity, and pays no tariff by volume."""
    if b.options.get("tariffs", "volume") != "capacity":
        return set()
    return {b.data.cell("capacity_products", key, "arc") for key in b.keys("capacity_products")}


def total_of(b, table: str, column: str, name: str, p, what) -> float:
    """The sum over all records of a table that name something, averaged over a period."""
    keys = [key for key, rows in b.data.rows[table].items() if rows[0][column] == name]
    return sum(b.mean(p, table, key, what, absent=0.0) for key in keys)


def permitted(b, arc: str, origin: str, t: int, column: int) -> None:
    if not b.ruled("arc", arc):
        return
    d, p, share = b.data, b.periods[t], there(b, "arcs")

    def more(row, at):
        return b.allowed("arc", arc, origin, at.day) * share(row, at)

    def capacity_of(key: str):
        return lambda row, at: b.allowed("arc", arc, origin, at.day) * d.number("arcs", row, "capacity", at.day) * share(row, at)

    capacity = sum(b.mean(p, "arcs", key, capacity_of(key), absent=0.0) for key in (arc, b.line.get(arc)) if key)
    added = grown(b, "arc", arc, t, b.mean(p, "arcs", arc, more, absent=0.0))
    b.lp.row(f"permission {arc} {origin} {p.label}", [(column, 1.0), *minus(added)], high=capacity)


def segments_of(b, arc: str) -> list[str]:
    return [key for key, rows in b.data.rows["arc_segments"].items() if rows[0]["arc"] == arc]


def fuel_by_segment(b, arc: str, to_node: str, segments: list[str], t: int, spared: dict[str, int]) -> None:
    """Fuel that rises with the flow: slices of the throughput, each with its own loss."""
    if not segments:
        return
    d, lp, p = b.data, b.lp, b.periods[t]
    carrier = d.cell("nodes", to_node, "carrier")
    in_slice: dict[str, Terms] = {key: [] for key in segments}
    open_arc = usable(b, "arc", arc, "capacity")

    def arc_used(row, at) -> float:
        of_arc = d.on("arcs", arc, at.day)
        return open_arc(of_arc, at) if of_arc else 0.0

    for origin in b.origins[carrier]:
        split: Terms = [(b.flow[arc, origin, t], 1.0), *((column, -1.0) for of, column in spared.items() if of == origin)]
        for key in segments:
            loss = b.mean(p, "arc_segments", key, b.of("arc_segments", "loss"), used=arc_used)
            if loss is None:
                continue
            column = lp.add("haul", (arc, origin, key.split("/")[1]), t)
            split.append((column, -1.0))
            in_slice[key].append((column, 1.0))
            b.arrive(to_node, origin, t, column, -loss)
        lp.row(f"split {arc} {origin} {p.label}", split, 0.0, 0.0)
    for key in segments:
        width = b.mean(p, "arc_segments", key, b.of("arc_segments", "width"), absent=0.0)
        lp.row(f"segment {key} {p.label}", in_slice[key], high=INF if width is None else width)


def corridors(b) -> None:
    d, lp, share = b.data, b.lp, there(b, "corridors")
    for corridor in b.keys("corridors"):
        mine = [arc for arc in b.keys("arcs") if d.cell("arcs", arc, "corridor") == corridor]
        way_of = {arc: d.cell("arcs", arc, "direction") or "forward" for arc in mine}
        for t, p in enumerate(b.periods):
            forward, backward = (
                [term for arc in mine if way_of[arc] == way for term in b.net.get((arc, t), [])] for way in ("forward", "backward")
            )
            if d.cell("corridors", corridor, "backhaul") == "yes":
                lp.row(f"backhaul {corridor} {p.label}", backward + minus(forward), high=0.0)
            ratio = b.mean(p, "corridors", corridor, b.of("corridors", "ratio"), used=share)
            limited = b.mean(p, "corridors", corridor, b.of("corridors", "capacity"))
            if limited is None and ratio is not None:
                continue
            capacity = b.mean(
                p,
                "corridors",
                corridor,
                lambda row, at: (d.number("corridors", row, "capacity", at.day) or 0.0) * share(row, at),
                absent=0.0,
            )
            added = grown(b, "corridor", corridor, t, b.mean(p, "corridors", corridor, share, absent=0.0))
            used = forward + [(column, share_of * (1.0 if ratio is None else ratio)) for column, share_of in backward]
            lp.row(f"corridor {corridor} {p.label}", used + minus(added), high=capacity)

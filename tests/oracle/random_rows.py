"""What a random package is made of: the rows of each of its tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TCM, MWH = ("USD/tcm", "EUR/tcm"), ("USD/MWh", "EUR/MWh")


def market(m: Any) -> None:
    m.dated("exchange_rates", "usd", "id=EUR usd=1.15")
    m.dated("prices", "value", "id=hub name=hub carrier=gas", **m.money("value", 300, "gas", "unit"))
    m.dated("prices", "value", "id=spot name=spot carrier=electricity", **m.money("value", 60, "electricity", "unit"))


def base(m: Any) -> None:
    m.put("references", "id=r kind=assumption publisher=test title=made reason=test")
    m.put("carriers", "id=gas name=gas unit=mcm energy_per_unit=10.5 temperature_c=20 pressure_kpa=101.325")
    m.put("carriers", "id=electricity name=power unit=GWh energy_per_unit=1")
    m.put("calorific_values", "id=zero carrier=gas energy_per_unit=11.2 temperature_c=0")
    for country in ("AA", "BB", "CC"):
        m.put("countries", "region=test", id=country, name=country)
    for origin, carrier in (("A", "gas"), ("B", "gas"), ("P", "electricity"), ("Q", "electricity")):
        m.put("origins", id=origin, name=origin, carrier=carrier)
    for k, (node, carrier) in enumerate(m.zone.items()):
        country = ("AA", "BB", "CC")[k % 3] if k < 3 else m.random.choice(("AA", "CC"))
        place = {"latitude": m.number(35, 45), "longitude": m.number(30, 50)}
        m.put("nodes", "kind=hub", id=node, name=node, carrier=carrier, country=country, **place)
    m.put("tiers", "tier_set=t tier=low share=0.3 value_factor=0.6")
    m.put("tiers", "tier_set=t tier=high share=0.7 value_factor=1.5")
    shape = [m.number(0.5, 1.5) for _ in range(12)]
    level = sum(value * days for value, days in zip(shape, DAYS, strict=True)) / 365
    for month, value in enumerate(shape, start=1):
        m.put("profiles", "profile=cold basis=mean_one", month=month, value=value / level)
        m.put("profiles", "profile=derate basis=factor", month=month, value=m.number(0.5, 1.0))
    for hour in range(24):
        m.put("profiles", "profile=sun basis=factor", hour=hour, value=round(max(0.0, 1.0 - abs(hour - 12) / 7), 4))


def arc(m: Any, key: str, first: str, last: str, capacity: float, **more: Any) -> None:
    carrier = m.zone[first]
    size = m.rate("capacity", capacity, carrier)
    price = m.money("tariff", m.number(1, 20) if carrier == "gas" else m.number(0.1, 2), carrier)
    segments = m.chance(0.3) and not more.get("corridor")
    m.dated(
        "arcs", "capacity tariff loss availability entry_tariff", "length_km=100", id=key, name=key, line=key[:2], from_node=first,
        to_node=last, availability=m.maybe(0.5, m.number(0.7, 1)), loss=None if segments else m.number(0, 0.04),
        minimum=m.maybe(0.15, round(size["capacity"] * 0.05, 6)), entry_tariff=m.maybe(0.3, m.number(0, 0.5)),
        profile=m.maybe(0.3, "derate"), **size, **price, **more,
    )  # fmt: skip
    if segments:
        m.dated("arc_segments", "width loss", "segment=1 loss=0.01", arc=key, **m.rate("width", capacity / 2, carrier))
        m.put("arc_segments", "segment=2 loss=0.03", arc=key)


def network(m: Any) -> None:
    for k, node in enumerate(m.gas[1:], start=1):
        arc(m, f"g{k}_out", m.gas[m.random.randrange(k)], node, m.number(20, 60))
    for k in range(m.random.randint(0, 2)):
        first, last = m.random.sample(m.gas, 2)
        corridor = m.maybe(0.6, f"c{k}")
        arc(m, f"x{k}_there", first, last, m.number(5, 30), corridor=corridor)
        arc(m, f"x{k}_back", last, first, m.number(5, 20), corridor=corridor, direction="backward" if corridor else None)
        if corridor:
            size = m.rate("capacity", m.number(10, 25), "gas") if m.chance(0.7) else {}
            backhaul = m.random.choice(("yes", "no"))
            text = "carrier=gas availability=0.95 ratio=0.8"
            m.dated("corridors", "capacity availability ratio", text, id=corridor, name=corridor, backhaul=backhaul, **size)
    for k, node in enumerate(m.power[1:], start=1):
        arc(m, f"l{k}_there", m.power[0], node, m.number(5, 15))
        if m.chance(0.4):
            arc(m, f"l{k}_back", node, m.power[0], m.number(5, 15))


def on_arcs(m: Any) -> None:
    arcs = [a for a in dict.fromkeys(row["id"] for row in m.tables["arcs"]) if a[0] in "gx"]
    for k in range(m.random.randint(0, 2)):
        money = m.money("charge", m.number(1, 9), "gas")
        size = m.rate("booked", m.number(3, 20), "gas")
        m.dated("bookings", "booked charge", "name=b", gaps=True, id=f"b{k}", arc=m.random.choice(arcs), **size, **money)
    if m.chance(0.5):
        m.dated("permissions", "", "id=r1 component=arc origin=B rule=ban", gaps=True, target=m.random.choice(arcs))
    if m.chance(0.4):
        m.dated("permissions", "", "id=r2 component=demand origin=B rule=ban", gaps=True, target=f"d_{m.random.choice(m.gas)}")
    for k, duration in enumerate(("gas_year", "year", "quarter", "month", "day")):
        if m.chance(0.6):
            cells = m.rate("maximum", m.number(10, 40), "gas") | m.money("charge", m.number(1, 9), "gas")
            more = {"id": f"cp{k}", "arc": arcs[0], "duration": duration, "multiplier": 1 + k / 5}
            m.dated("capacity_products", "maximum charge multiplier", "name=cp", gaps=True, **more, **cells)


def supplies(m: Any) -> None:
    places = [(m.gas[0], "A"), (m.gas[0], "B"), (m.random.choice(m.gas), "B"), (m.power[0], "P"), (m.random.choice(m.power), "Q")]
    for k, (node, origin) in enumerate(places):
        carrier = m.zone[node]
        gas, follows = carrier == "gas", m.chance(0.5) and carrier == "gas"
        size, level = m.number(20, 60) if gas else m.number(3, 10), m.number(20, 250) if gas else m.number(5, 60)
        cells = m.rate("maximum", size, carrier, "quantity_unit") | m.money("cost", 0 if follows else level, carrier)
        if m.chance(0.3):
            most = round(size * 0.3, 4)
            cells["annual_unit"] = "bcm/y" if gas else "TWh/y"
            cells |= {"annual_maximum": most, "annual_minimum": m.maybe(0.5, round(most / 10, 4))}
        m.dated(
            "supplies", "maximum cost availability price_factor annual_maximum", "kind=production cost_kind=asking", gaps=k not in (0, 3),
            id=f"s{k}", name=f"s{k}", node=node, origin=origin, availability=m.maybe(0.5, m.number(0.6, 1)),
            profile=m.maybe(0.4, "sun" if k == 4 else "derate"), minimum=m.maybe(0.2, round(cells["maximum"] * 0.03, 6)),
            swing=m.maybe(0.2, 1.3), price="hub" if follows else None, price_factor=0.9 if follows else None, **cells,
        )  # fmt: skip
        if m.chance(0.3):
            m.put("supply_steps", "step=1 share=0.6", supply=f"s{k}", **m.money("cost", 0, carrier))
            m.put("supply_steps", "step=2 share=0.4", supply=f"s{k}", **m.money("cost", m.number(1, 30), carrier))


def demands(m: Any) -> None:
    for node, carrier in m.zone.items():
        gas, of = carrier == "gas", {"demand": f"d_{node}", "price": "hub" if carrier == "gas" else "spot"}
        money, rate = ("USD/tcm", "mcm/d") if gas else ("USD/MWh", "GWh/d")
        value = {"value_of_lost_load": m.number(2500, 3000) if gas else m.number(1500, 2000), "value_unit": money}
        size = m.rate("quantity", m.number(3, 20) if gas else m.number(1, 5), carrier)
        m.dated(
            "demands", "quantity value_of_lost_load", gaps=m.chance(0.2), id=f"d_{node}", name=node, node=node,
            profile=m.maybe(0.5, "cold"), tier_set=m.maybe(0.5, "t"), **size, **value,
        )  # fmt: skip
        block = {"width": m.number(2, 6) if gas else 2, "width_unit": rate, "willingness_unit": money}
        m.dated("demand_blocks", "width", "block=1 willingness=0 price_factor=1.1", spread=0.1, **of, **block)
        rest = {"willingness": m.number(0.01, 0.5), "willingness_unit": money, "width_unit": rate}
        m.put("demand_blocks", "block=2 width=400", demand=f"d_{node}", **rest)
        if m.chance(0.5):
            curve = {"elasticity": m.random.choice((-0.6, -1.0, -0.2)), "blocks": m.random.choice((1, 3, 4))}
            text = "part=a share=0.3 lowest=0.5 highest=1.8 price_factor=0.9"
            price = m.money("reference_price", 15, carrier, "price_unit")
            m.dated("elasticities", "share elasticity reference_price price_factor", text, gaps=True, **of, **curve, **price)
        m.dated("sale_prices", "value price_factor", "price_factor=0.8", **of, **m.money("value", 10, carrier, "unit"))


def stores(m: Any) -> None:
    after = m.end + timedelta(1)
    m.dated(
        "storages", "injection withdrawal availability injection_cost injection_efficiency withdrawal_efficiency",
        "id=st name=st rate_unit=mcm/d availability=0.95 injection_efficiency=0.99 withdrawal_efficiency=0.97 injection_cost=1.5",
        node=m.random.choice(m.gas), working_volume=m.number(200, 900), volume_unit=m.random.choice(("mcm", "mcm[zero]")),
        injection=m.number(2, 6), withdrawal=m.number(3, 9), daily_loss=m.maybe(0.5, 1e-4), withdrawal_cost=0.7,
        cost_unit=m.random.choice(TCM),
    )  # fmt: skip
    m.dated(
        "storages", "withdrawal inflow withdrawal_efficiency withdrawal_cost",
        "id=lake name=lake volume_unit=GWh injection=0 rate_unit=MW withdrawal_efficiency=0.9 inflow_origin=P profile=derate",
        node=m.random.choice(m.power), working_volume=m.number(5, 40), withdrawal=m.number(20, 60), inflow=m.number(10, 40),
        withdrawal_cost=0.4, cost_unit="USD/MWh",
    )  # fmt: skip
    m.dated(
        "storages", "injection withdrawal injection_efficiency",
        "id=battery name=battery working_volume=80 volume_unit=MWh injection=20 withdrawal=20 rate_unit=MW injection_efficiency=0.92",
        node=m.random.choice(m.power), withdrawal_efficiency=0.95, cycle="day", withdrawal_cost=0.5, cost_unit="EUR/MWh",
    )  # fmt: skip
    if m.chance(0.6):
        for way, points in (("inject", ((0, 1), (0.6, 0.9), (1, 0.3))), ("withdraw", ((0, 0.2), (0.5, 0.8), (1, 1)))):
            for fill, rate in points:
                m.put("storage_curves", "storage=st", direction=way, fill=fill, rate=rate)
    for day in (m.start, after) if m.storage_end in ("stocks", "free") else ():
        m.put("storage_stocks", "storage=st origin=A", date=day, fill=0.3 if day == m.start else 0.2)
        for storage, origin, fill in (("st", "B", 0.1), ("lake", "P", 0.4), ("battery", "P", 0.2)):
            m.put("storage_stocks", storage=storage, date=day, origin=origin, fill=fill)
    firsts = [day for day in (m.start + timedelta(n) for n in range(1, 120)) if day.day == 1 and day <= after]
    if firsts and m.chance(0.6):
        money = {"penalty": m.number(5, 60), "penalty_unit": m.random.choice(TCM)}
        m.put("storage_targets", "storage=st fill=0.7", date=m.random.choice(firsts), **money)


def links(m: Any) -> None:
    m.dated(
        "converters", "capacity availability efficiency cost", "id=v name=v origin=Q availability=0.9 efficiency=0.55 capacity_unit=MW",
        gaps=True, from_node=m.random.choice(m.gas), to_node=m.power[0], minimum=m.maybe(0.2, 5), profile=m.maybe(0.3, "derate"),
        capacity=m.number(50, 250), **m.money("cost", 3, "electricity"),
    )  # fmt: skip
    if m.chance(0.6):
        first, last = m.random.sample(m.gas, 2)
        text = "id=w name=w origin=A partner_origin=B quantity_unit=mcm/d fee=0.1 cost=1.2"
        cells = {"maximum": m.number(1, 5), "cost_unit": m.random.choice(TCM)}
        m.dated("swaps", "maximum fee cost", text, gaps=True, hand_over_node=first, receipt_node=last, **cells)


def contracts(m: Any) -> None:
    arcs = [row["id"] for row in m.tables["arcs"] if row["id"][0] == "g"]
    for k in range(m.random.randint(0, 3)):
        point = {"delivery_arc": m.random.choice(arcs)} if m.chance(0.5) else {"delivery_demand": f"d_{m.random.choice(m.gas)}"}
        follows = m.chance(0.5)
        m.dated(
            "contracts", "annual_quantity take_or_pay contract_price price_factor daily_minimum shortfall_penalty",
            "name=k seller=x buyer=BB take_or_pay=0.8 shortfall_penalty=20 seller_cost=40", gaps=m.chance(0.5), id=f"k{k}",
            origin=m.random.choice("AB"), contract_year=m.random.choice(("calendar", "gas")), annual_quantity=m.number(0.5, 4),
            quantity_unit=m.random.choice(("bcm/y", "bcm/y[zero]", "mcm/d")), annual_maximum=m.maybe(0.5, 1.1),
            daily_minimum=m.maybe(0.4, 0.5), daily_maximum=m.maybe(0.4, 1.3), contract_price=m.number(100, 250),
            price_unit=m.random.choice(TCM), price="hub" if follows else None, price_factor=0.4 if follows else None,
            make_up_years=m.maybe(0.5, 2), **point,
        )  # fmt: skip


def ceilings(m: Any) -> None:
    trunk = next(row["id"] for row in m.tables["arcs"] if row["id"][0] == "g")
    for k, (sense, year, quantity) in enumerate((("at_most", "calendar", 4000), ("at_least", "gas", 300), ("at_most", "calendar", None))):
        if not m.chance(0.4):
            continue
        money = {}
        if quantity is None or m.chance(0.3):
            money = {"charge": m.number(1, 60), "charge_unit": m.random.choice(("USD/t", "EUR/t"))}
        elif m.chance(0.5):
            money = {"penalty": 3000, "charge_unit": "USD/t"}
        of = {"ceiling": f"z{k}"}
        cells = {"id": f"z{k}", "sense": sense, "year": year, "quantity": quantity, **money}
        m.dated("ceilings", "quantity charge penalty", "name=z unit=t", gaps=m.chance(0.4), **cells)
        m.put("ceiling_terms", "component=arc weight=1", target=trunk, origin=m.maybe(0.5, "A"), **of)
        m.put("ceiling_terms", "component=supply target=s1 weight=0.5", **of)
        m.put("ceiling_terms", "component=converter target=v weight=2", **of)
        m.put("ceiling_terms", "component=demand origin=B weight=0.3", target=f"d_{m.gas[-1]}", **of)


def projects(m: Any) -> None:
    arcs = [row["id"] for row in m.tables["arcs"] if row["id"][0] in "gx"]

    def put(text: str, capital: float, **cells: Any) -> None:
        when = {"first_year": m.random.choice((2024, 2025)), "rate": m.random.choice((0.0, 0.07)), "lifetime": 20}
        building = m.random.choice((None, 2, 3))
        name = text.split(maxsplit=1)[0].removeprefix("id=")
        m.put("projects", text, name=name, fixed_share=0.02, capital_cost=capital, construction_years=building, **when, **cells)

    put("id=loop carrier=gas component=arc capacity_unit=mcm/d maximum=8", m.number(2, 30), target=f"{arcs[0]};{arcs[-1]}",
        cost_unit=m.random.choice(("MUSD/(mcm/d)", "MEUR/(bcm/y)")))  # fmt: skip
    put("id=field carrier=gas component=supply target=s1 capacity_unit=bcm/y maximum=3 cost_unit=MUSD/(bcm/y) after=loop",
        m.number(10, 200), fixed_cost=m.number(0, 2), fixed_cost_unit="MUSD/(bcm/y)/y")  # fmt: skip
    put("id=plant carrier=electricity component=converter target=v capacity_unit=MW maximum=90 cost_unit=USD/kW", m.number(50, 900),
        step=m.maybe(0.3, 30))  # fmt: skip
    put("id=cells carrier=electricity component=storage target=battery capacity_unit=MW maximum=50 hours=4 cost_unit=EUR/kW",
        m.number(50, 400))  # fmt: skip
    put("id=cavern carrier=gas component=storage target=st capacity_unit=mcm maximum=200 proportional=yes cost_unit=USD/m3",
        m.number(0.01, 0.3))  # fmt: skip


PARTS = (market, base, network, on_arcs, supplies, demands, stores, links, contracts, ceilings, projects)

"""Judges made households by five rules with openfisca-core, and prints how long it took and how many each finds eligible.

Arguments: households, members of each, rounds. The better of the rounds counts; each builds its input anew. `src/bench/screening/beside.rs`
makes the same households and has the same rules.
"""
import json
import sys
import time

import numpy
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

HOUSEHOLDS, MEMBERS, ROUNDS = (int(argument) for argument in sys.argv[1:4])
PERIOD = "2026-11"

person = Entity("person", "persons", "A member of a household", "")
household = GroupEntity("household", "households", "A household", "", roles=[{"key": "member", "plural": "members", "label": "Member"}])


def variable(called, of, kind, rule=None):
    content = {"value_type": kind, "entity": of, "definition_period": DateUnit.MONTH, "label": called}
    if rule is not None:
        content["formula"] = rule
    return type(called, (Variable,), content)


def poor(homes, period):
    return homes("income", period) < 100.0


def rent_too_high(homes, period):
    return (homes("income", period) < 150.0) * (homes("rent", period) > 80.0)


def has_elder(homes, period):
    return homes.any(homes.members("age", period) >= 60)


def two_small_children(homes, period):
    return homes.sum(homes.members("age", period) < 6) >= 2


def burdened(homes, period):
    child = homes.any(homes.members("age", period) < 18)
    return (homes("debt", period) > 500.0) + (numpy.logical_not(homes("has_toilet", period)) * child)


RULES = [poor, rent_too_high, has_elder, two_small_children, burdened]
system = TaxBenefitSystem([person, household])
for name, of, kind in [("income", household, float), ("rent", household, float), ("debt", household, float), ("has_toilet", household, bool), ("age", person, int)]:
    system.add_variable(variable(name, of, kind))
for formula in RULES:
    system.add_variable(variable(formula.__name__ + "_rule", household, bool, formula))

at = numpy.arange(HOUSEHOLDS, dtype=numpy.int64)
known = {
    "income": (at * 7919 % 40000) / 100.0,
    "rent": (at * 131 % 20000) / 100.0,
    "debt": (at * 977 % 150000) / 100.0,
    "has_toilet": at % 3 != 0,
    "age": numpy.arange(HOUSEHOLDS * MEMBERS, dtype=numpy.int64) * 31 % 90,
}


def judge():
    builder = SimulationBuilder()
    builder.create_entities(system)
    members = numpy.arange(HOUSEHOLDS * MEMBERS)
    builder.declare_person_entity("person", members)
    homes = builder.declare_entity("household", at)
    builder.join_with_persons(homes, members // MEMBERS, numpy.full(HOUSEHOLDS * MEMBERS, "member"))
    simulation = builder.build(system)
    for name, values in known.items():
        simulation.set_input(name, PERIOD, values)
    return [int(simulation.calculate(formula.__name__ + "_rule", PERIOD).sum()) for formula in RULES]


best, eligible = None, None
for _ in range(ROUNDS):
    start = time.perf_counter()
    eligible = judge()
    seconds = time.perf_counter() - start
    best = seconds if best is None else min(best, seconds)
print(json.dumps({"seconds": best, "eligible": eligible}))

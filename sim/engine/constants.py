"""Numbers by name for compiled code: statuses, acts, channels, counters and record fields."""

from __future__ import annotations

from typing import Final

from sim.engine.columns import CASES_USED as CASES_USED
from sim.engine.columns import CHUNKS_USED as CHUNKS_USED
from sim.engine.columns import RECORD_FIELDS

# Status of a case.
LATENT: Final = 0
OPEN: Final = 1
SETTLED: Final = 2
GIVEN_UP: Final = 3

# What a case waits for.
DECIDE: Final = 1
MEET: Final = 2
SOLO: Final = 3
OWN: Final = 4
REOPEN: Final = 5

# How a joint session was called.
BY_LINE: Final = 0
BY_CHANNEL: Final = 1
BY_DUTY: Final = 2
BY_OFFICE: Final = 3
BY_ITEM: Final = 4
IN_QUEUE: Final = 5

# How a case was settled.
HOW: Final = ("none", "joint", "solo", "superior", "own")
HOW_JOINT: Final = 1
HOW_SOLO: Final = 2
HOW_SUPERIOR: Final = 3
HOW_OWN: Final = 4

# Subjects of cases, as in sim.levers.definitions.DOMAINS.
LAND: Final = 0
WATER: Final = 1
FAMILY: Final = 2
TRADE: Final = 3
SECURITY: Final = 4

# Tiers of offices.
VILLAGE: Final = 0
TOWN: Final = 1
COUNTY: Final = 2
DEPARTMENT: Final = 3
UPPER: Final = 4

# Boundary levels: town, county, prefecture, province, nation.
LEVELS: Final = 5

# State of a case as an item of a meeting.
NO_ITEM: Final = 0
PLAIN_ITEM: Final = 1
OWNED_ITEM: Final = 2
DROPPED_ITEM: Final = 3

# Counters, beside those of rows in use.
TODAY: Final = 1
MONTH: Final = 2
MONTH_OF_YEAR: Final = 3
WEEKDAY: Final = 4
MONTH_START: Final = 5
FREE_CHUNK: Final = 7
COUNTERS: Final = 8

# Facts.
MEAN_TRUST: Final = 0
# One for each boundary level.
ORDINARY_MONITORING: Final = 1
FACTS: Final = ORDINARY_MONITORING + LEVELS

# Calendars of a ring of days.
RING: Final = 512
ACTS: Final = 0
DETECTIONS: Final = 1
WORSENINGS: Final = 2
SOURCES_DUE: Final = 3
OFFENCES_DUE: Final = 4
CALENDARS: Final = 5

DAYS_PER_YEAR: Final = 365.25
DAYS_PER_MONTH: Final = 365.25 / 12.0

INTERIOR: Final = 0
BORDER: Final = 1


def _field(name: str) -> int:
    return RECORD_FIELDS.index(name)


R_OCCURRED: Final = _field("occurred")
R_KNOWN: Final = _field("known")
R_KNOWN_DIFFICULTY: Final = _field("known_difficulty")
R_SETTLED: Final = _field("settled")
R_RELAPSED: Final = _field("relapsed")
R_HAND_OFFS: Final = _field("hand_offs")
R_INCIDENTS: Final = _field("incidents")
R_LEGACY_SETTLED: Final = _field("legacy_settled")
R_CLOSED: Final = _field("closed_village")
R_CALLS: Final = _field("calls_village")
R_ATTENDED: Final = _field("attended_village")
R_EFFORTS: Final = _field("efforts_village")
R_JOINT: Final = _field("joint_village")
R_ANY_EFFORT: Final = _field("any_effort_village")
R_BOTH_EFFORT: Final = _field("both_effort_village")
R_SOLO: Final = _field("solo_village")
R_ITEMS_DECIDED: Final = _field("items_decided")
R_ITEMS_CARRIED_OUT: Final = _field("items_carried_out")
R_MEETINGS: Final = _field("meetings")
R_COVERED_7: Final = _field("covered_7")
R_COVERED_30: Final = _field("covered_30")
R_BANK_DAYS: Final = _field("bank_days")
R_VISITS: Final = _field("visits")
R_DUPLICATED: Final = _field("duplicated")
R_OFFENCES: Final = _field("offences")
R_CAUGHT: Final = _field("caught")
R_REPORTED_OFFENCES: Final = _field("reported_offences")
R_CLEARED: Final = _field("cleared")
R_DISPLACED: Final = _field("displaced")
R_DISPLACED_ACROSS: Final = _field("displaced_across")
R_OPERATIONS: Final = _field("operations")
R_JOINT_OPERATIONS: Final = _field("joint_operations")
R_OPERATION_HITS: Final = _field("operation_hits")
R_WILLINGNESS: Final = _field("willingness_village")
R_WITHDRAWN: Final = _field("withdrawn_village")
R_BOUND_A: Final = _field("bound_a_village")
R_BOUND_B: Final = _field("bound_b_village")
R_DISPLACED_HOURS: Final = _field("displaced_hours_village")
R_WILLINGNESS_A: Final = _field("willingness_a_village")
R_WILLINGNESS_B: Final = _field("willingness_b_village")
R_WILLINGNESS_CONTESTED: Final = _field("willingness_contested")
R_WILLINGNESS_CALM: Final = _field("willingness_calm")
R_TRUST: Final = _field("trust")
R_TRUST_CONTESTED: Final = _field("trust_contested")
R_TRUST_CALM: Final = _field("trust_calm")
R_SECTION_MET: Final = _field("section_met")
R_SECTION_MONTHS: Final = _field("section_months")
R_ABATEMENT: Final = _field("abatement")
R_REQUESTS: Final = _field("requests")
R_TRIPS: Final = _field("trips")
R_SERVICE_DAYS: Final = _field("service_days")
R_WAITS: Final = _field("waits_village")
R_WAIT_DAYS: Final = _field("wait_days_village")
R_UNSERVED_HOURS: Final = _field("unserved_hours_village")
R_OPEN_CASES: Final = _field("open_cases")
R_MONEY: Final = _field("money")
R_CHANNELS_OPEN: Final = _field("channels_open_village")
R_CHANNELS_OFFERED: Final = _field("channels_offered_village")

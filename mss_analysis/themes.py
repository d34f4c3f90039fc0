"""Themes: what an indicator, an event's kind or a risk is about, in a dozen words for readers."""

import re

from mss_analysis.evidence import Evidence
from mss_analysis.language import mark

DEATHS, ABUSE = mark("Killed and injured"), mark("Abduction and abuse")
DISPLACED, NEEDS = mark("Displacement and return"), mark("Hunger and need")
SERVICES, GANGS = mark("Health and schools"), mark("Gangs")
POLICE, MISSION = mark("Haitian forces"), mark("Mission strength and means")
MONEY, KENYA = mark("Money for the mission"), mark("Kenya’s budget and pay")
AID, SECURITY = mark("Humanitarian money"), mark("Money for Haitian security")
BEFORE, OTHER = mark("Earlier missions"), mark("Other")
THEMES = (
    DEATHS,
    ABUSE,
    DISPLACED,
    NEEDS,
    SERVICES,
    GANGS,
    POLICE,
    MISSION,
    MONEY,
    KENYA,
    AID,
    SECURITY,
    BEFORE,
    OTHER,
)
# The first pattern that fits a code decides; codes are read from their beginning.
_RULES = (
    (BEFORE, r"comparator|un_peacekeeping_budget|independence_debt"),
    (KENYA, r"kenya|officer_pay|pay_arrears|departure_allowance|stated_exchange"),
    (AID, r"hrp_|humanitarian_aid|un_emergency|wfp|donor_assistance|foreign_aid"),
    (
        SECURITY,
        r"haiti_|hnp_(international|basket|budget|payroll|salary)|bilateral|oas_|un_peacekeeping",
    ),
    (MONEY, r"trust_fund|mission_(cost|funds|support|contract)|funding|donor_funding"),
    (
        ABUSE,
        r"kidnapped|sexual|gbv|sea_|children_(kidnapped|recruited|sexual|victims_grave|grave)"
        r"|child_recruit|detainees|juvenile|prisoners",
    ),
    (MISSION, r"mission_fatal|mission_(injured|wounded|casual|medical)"),
    (POLICE, r"hnp_|fadh|police_|benchmark|force_size|joint_off|drone_operations"),
    (
        DEATHS,
        r"killed|injured|incident|intentional|homicide|summary|share_(victims|operation)|victims"
        r"|civilian|children_(killed|injured|victims)|gang_members_killed",
    ),
    (DISPLACED, r"idp|displaced|newly|returns|gang_return"),
    (NEEDS, r"ipc|hunger|crisis|people_in_need|population|access_|humanitarian_access"),
    (SERVICES, r"health|school|pupils"),
    (GANGS, r"gang|aircraft"),
    (
        MISSION,
        r"mission|country_|contingent|conops|deployment|airlift|supply|armoured|other_vehicles"
        r"|turret|vehicles|helicopters|base_|operational|equipment|no_local|unsoh|language"
        r"|resignation|liaison",
    ),
)
_COMPILED = tuple((theme, re.compile(pattern)) for theme, pattern in _RULES)
# What a reader looks for first; the earlier in the list, the more it weighs.
LEADING = (
    "killed",
    "idp_total",
    "displaced",
    "mission_personnel_deployed",
    "trust_fund_total",
    "kidnapped",
    "injured",
    "ipc3plus",
    "gang_control_share",
    "country_personnel_deployed",
    "mission_funds_required",
    "hrp_funded_share",
    "killed_injured_or_kidnapped",
    "trust_fund_donor",
    "mission_authorised_ceiling",
    "hnp_strength",
    "mission_personnel_pledged",
    "sexual_violence_victims",
    "children_killed",
    "contingent_arrival",
)


def name_theme(indicator: str) -> str:
    """Name the theme of an indicator.

    >>> name_theme("killed_by_drones"), name_theme("trust_fund_total")
    ('Killed and injured', 'Money for the mission')
    """
    return next((theme for theme, rule in _COMPILED if rule.match(indicator)), OTHER)


def weigh(evidence: Evidence, observation_id: str) -> tuple[int, int]:
    """Give a figure's place in an order that leads with what readers look for first.

    The country, everybody and no one party come before parts of them.
    """
    row = evidence.row(observation_id)
    lead = LEADING.index(row["indicator"]) if row["indicator"] in LEADING else len(LEADING)
    theme = THEMES.index(name_theme(row["indicator"]))
    parts = (row["place"] not in ("Haiti", "")) + bool(row["party"]) + bool(row["population"])
    return lead * 4 + parts, theme

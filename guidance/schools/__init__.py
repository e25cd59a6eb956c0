"""Schools and DfE's lists as imported with `npq lists import`: find a school, and say what follows for funding."""

from guidance.schools.choice import chosen
from guidance.schools.lists import LISTS, intake_label, ofsted_number
from guidance.schools.live import current, health, home_folder
from guidance.schools.model import Found, Membership, School, Source
from guidance.schools.read import ImportRefused
from guidance.schools.register import Register
from guidance.schools.situation import ListCheck, checks, last_known, ofsted_checks, setting_of, situation_of
from guidance.schools.store import import_file

__all__ = [
    "LISTS",
    "Found",
    "ImportRefused",
    "ListCheck",
    "Membership",
    "Register",
    "School",
    "Source",
    "checks",
    "chosen",
    "current",
    "health",
    "home_folder",
    "import_file",
    "intake_label",
    "last_known",
    "ofsted_checks",
    "ofsted_number",
    "setting_of",
    "situation_of",
]

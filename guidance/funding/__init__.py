"""Who can have a DfE scholarship: decision tables as data, evaluated with what is known of a person."""

from guidance.funding.decision import Decision
from guidance.funding.model import Funding
from guidance.funding.read import load_rules
from guidance.funding.rules import Rules

__all__ = ["Decision", "Funding", "Rules", "load_rules"]

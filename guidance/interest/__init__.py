"""Expressions of interest: never lost, never invented, kept no longer than promised.

`current().store.submit(...)` saves one and gives its reference; `fields` checks what visitors type.
Words: an *interest* is what a visitor left; a *consent* is what they were told or asked; the *outbox* holds what is
still to be told to a *destination*; a *dead letter* is a delivery that needs a person.
"""

from guidance.interest.live import Interests, current, open_interests, use
from guidance.interest.model import CannotSave, Consent, Details, DetailsDiffer, Incomplete, Interest, Receipt
from guidance.interest.options import OptionError

__all__ = [
    "CannotSave",
    "Consent",
    "Details",
    "DetailsDiffer",
    "Incomplete",
    "Interest",
    "Interests",
    "OptionError",
    "Receipt",
    "current",
    "open_interests",
    "use",
]

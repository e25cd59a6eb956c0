"""Dates as English teachers type them, read to the days they can mean. Pure: today is given."""

from guidance.dates.calendar import months_after, school_year_of, years_after
from guidance.dates.model import DateSaid, Exactness, Impossible, Several
from guidance.dates.read import dates_in, one_of, read_date

__all__ = [
    "DateSaid",
    "Exactness",
    "Impossible",
    "Several",
    "dates_in",
    "months_after",
    "one_of",
    "read_date",
    "school_year_of",
    "years_after",
]

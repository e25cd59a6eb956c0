"""The report: what was asked, how it went, what could not be answered. Figures from stored turns, as a page or JSON."""

from bot.report.figures import Figures, Period
from bot.report.page import page
from bot.report.reading import NoDatabase, read_figures
from bot.report.summary import summary

__all__ = ["Figures", "NoDatabase", "Period", "page", "read_figures", "summary"]

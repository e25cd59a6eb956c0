"""The SENCO clock: by when somebody who took a SENCO post must hold the qualification, and which one."""

from guidance.senco.clock import senco_clock
from guidance.senco.said import Known, asks_by_when, asks_for_clock

__all__ = ["Known", "asks_by_when", "asks_for_clock", "senco_clock"]

"""Figures for Prometheus: counts and times, never a word, a session or an address of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """What one process counts. Every process has its own; Prometheus adds them up."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._turns = Counter("npq_turns", "Turns by how they ended.", ["status", "channel"], registry=self._registry)
        self._seconds = Histogram(
            "npq_turn_seconds", "Time taken to answer.", ["channel"], buckets=SECONDS, registry=self._registry
        )
        self._responses = Counter("npq_responses", "HTTP responses by class.", ["status"], registry=self._registry)
        self._listeners = Gauge("npq_open_pages", "Pages that listen for events now.", registry=self._registry)
        ProcessCollector(registry=self._registry)

    def turn(self, status: str, channel: str, seconds: float) -> None:
        """One turn that was answered, also with an apology."""
        self._turns.labels(status, channel).inc()
        self._seconds.labels(channel).observe(seconds)

    def response(self, status: int) -> None:
        """One HTTP response."""
        self._responses.labels(f"{status // 100}xx").inc()

    def told(self, health: dict[str, Any], open_pages: int) -> bytes:
        """All figures in Prometheus's text form; `health` as /health/ready tells it."""
        self._listeners.set(open_pages)
        lines: bytes = generate_latest(self._registry)
        state = CollectorRegistry()
        state.register(_State(health))
        return lines + bytes(generate_latest(state))


class _State(Collector):
    """What is looked up when it is asked for: the state of the service and of its outbox."""

    def __init__(self, health: dict[str, Any]) -> None:
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; those of the outbox are left out while the database is away."""
        told, left = self._health, self._health["interest"]
        yield _gauge("npq_ready", "1 while the self-test is answered.", told["model"]["ok"])
        yield _gauge("npq_store_up", "1 while the database can be used.", told["store"]["ok"])
        yield _gauge("npq_knowledge_ok", "0 while an edit of the knowledge is broken.", told["knowledge"]["ok"])
        yield _gauge("npq_knowledge_age_seconds", "Since the knowledge was loaded.", told["knowledge"]["age_seconds"])
        yield _gauge("npq_schools_ok", "0 while the schools register cannot be used.", told["schools"]["ok"])
        if "waiting" in left:
            yield _gauge("npq_outbox_waiting", "Messages about expressions of interest still to send.", left["waiting"])
            yield _gauge("npq_outbox_dead", "Messages given up: a person should look.", left["dead"])
            yield _gauge("npq_rights_requests_open", "Data-protection requests not yet answered.",
                         left["rights_requests_open"])  # fmt: skip
            if since := left["oldest_waiting_since"]:
                waited = (datetime.now(timezone.utc) - _utc(since)).total_seconds()
                yield _gauge("npq_outbox_oldest_seconds", "How long the oldest of them waits.", max(waited, 0.0))


def _gauge(name: str, text: str, value: Any) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(value or 0))


def _utc(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)

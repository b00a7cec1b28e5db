"""What a monitor may count and measure, in the Prometheus text format: figures, never families.

Counters are this process's own. Whatever stands in the database is read when somebody asks, and
is therefore the same figure from every process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.clock import Clock
from storage import measuring
from storage.database import Database

OUTCOMES = ("sent", "retried", "unknown", "waited", "cancelled", "dead", "fenced")
ANSWERS = ("done", "refused", "fault")

disable_created_metrics()  # a second line for each, and no use
REGISTRY = CollectorRegistry()

SENDS = Counter(
    "taf_sends", "Attempts to deliver something, by what came of them.", ["outcome"],
    registry=REGISTRY,
)  # fmt: skip
PRESSES = Counter(
    "taf_presses", "Presses that were answered, by how.", ["outcome"], registry=REGISTRY
)
SWEEP_SECONDS = Histogram(
    "taf_sweep_seconds",
    "How long a sweep took: looking at everything whose time had come.",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300),
    registry=REGISTRY,
)
SWEPT = Counter("taf_swept", "Subjects that a sweep looked at.", registry=REGISTRY)
REPAIRS = Counter(
    "taf_repairs",
    "What the auditor had to put right, by kind; each is a fault worth reporting.",
    ["kind"],
    registry=REGISTRY,
)
BUILD = Gauge("taf_build_info", "The release that runs, always 1.", ["version"], registry=REGISTRY)

BUILD.labels(version("taf-assistant")).set(1)
for _outcome in OUTCOMES:
    SENDS.labels(_outcome)
for _answer in ANSWERS:
    PRESSES.labels(_answer)


class Measured(Collector):
    """What is read from the database at the moment somebody asks."""

    def __init__(self, figures: Iterable[Metric]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Every figure."""
        return self._figures


def page(database: Database, clock: Clock) -> bytes:
    """Everything, as a Prometheus server reads it."""
    try:
        now = clock.now()
        with database.reading() as session:
            found = measuring.measure(session, now)
    except Exception:  # noqa: BLE001  whatever it is, a monitor wants to hear that it is so
        return page_without_database()
    return _written([_up(1), *_figures(found)])


def page_without_database() -> bytes:
    """What this process can tell while the database does not answer."""
    return _written([_up(0)])


def _written(figures: Iterable[Metric]) -> bytes:
    return generate_latest(REGISTRY) + generate_latest(Measured(figures))


def _up(answers: int) -> Metric:
    words = "1 where the database answered, 0 where it did not."
    return GaugeMetricFamily("taf_database_up", words, answers)


def _figures(found: measuring.Measures) -> Iterator[Metric]:
    for name, words, value in (
        ("due_lag_seconds", "For how long the subject due longest has waited.", found.due_lag),
        ("deliveries_open", "Deliveries not yet sent or ended.", found.deliveries_open),
        (
            "delivery_lag_seconds",
            "For how long the delivery due longest has waited.",
            found.oldest_delivery,
        ),
        ("inbox_open", "Presses taken in and not yet worked on.", found.presses_open),
        ("dead_letters", "Deliveries that were given up, of all time.", found.dead_letters),
        (
            "late_duplicates",
            "Messages that were taken twice after all, of all time.",
            found.late_duplicates,
        ),
    ):
        yield GaugeMetricFamily(f"taf_{name}", words, value)
    heartbeat = GaugeMetricFamily(
        "taf_auditor_age_seconds", "Since the auditor last finished; absent until it once has."
    )
    if found.heartbeat_age is not None:
        heartbeat.add_metric([], found.heartbeat_age)
    yield heartbeat
    gates = GaugeMetricFamily(
        "taf_gate_shut", "1 while nothing may be sent to a platform.", labels=["platform"]
    )
    for platform, shut in found.shut.items():
        gates.add_metric([platform], shut)
    yield gates

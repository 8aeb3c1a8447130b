"""All metrics of queries/metrics/, checked against the estimators they name. One wrong file takes no other down."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadstats.counting.estimators import ESTIMATORS
from leadstats.model.declarations import QUERIES, DeclarationError, header
from leadstats.model.messages import Fault, Problem, misdeclared
from leadstats.model.metrics import Metric, UnreadableMetric, metrics_of

FOLDER = QUERIES / "metrics"


@dataclass(frozen=True)
class Catalog:
    """By name: the metrics, and stand-ins for those whose file is wrong."""

    metrics: Mapping[str, Metric]
    unreadable: Mapping[str, UnreadableMetric]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.metrics, *self.unreadable)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """One for each wrong file."""
        return tuple(dict.fromkeys(metric.fault for metric in self.unreadable.values()))

    def metric(self, name: str) -> Metric:
        """Raises KeyError for a name that no file has."""
        return self.metrics.get(name) or self.unreadable[name]

    def of_stage(self, stage: str) -> Metric:
        """The metric that compares groups at a stage, or the file most likely meant for it if that cannot be read."""
        known = [metric for metric in self.metrics.values() if metric.stage == stage]
        lost = sorted(self.unreadable.values(), key=lambda metric: metric.stage != stage)
        return (known + lost)[0]


def readable(metric: Metric) -> Metric:
    """The metric itself. Raises Fault for one whose file is wrong."""
    if isinstance(metric, UnreadableMetric):
        raise Fault(metric.fault)
    return metric


def load_metrics() -> Mapping[str, Metric]:
    """All metrics that can be read, by name, in alphabetical order."""
    return load_catalog().metrics


@functools.cache
def load_catalog() -> Catalog:
    return read_catalog(FOLDER)


def read_catalog(folder: Path) -> Catalog:
    metrics: dict[str, Metric] = {}
    lost: dict[str, UnreadableMetric] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        try:
            found = {metric.name: metric for metric in metrics_of(path)}
            for name in found.keys() & metrics.keys():
                raise DeclarationError("metrics", f"a name that {files[name].name} does not have", name)
            for metric in found.values():
                _check(metric)
        except DeclarationError as error:
            lost |= _lost(path, error)
        else:
            metrics |= found
            files |= dict.fromkeys(found, path)
    for name, metric in list(metrics.items()):
        for wider in set(metric.within) - metrics.keys() - lost.keys():
            error = DeclarationError("within", "the name of a metric", wider, metrics)
            lost |= _lost(files[name], error)
    return Catalog({name: metrics[name] for name in sorted(metrics.keys() - lost.keys())}, lost)


def _check(metric: Metric) -> None:
    if metric.stage and metric.benefit is None:
        raise DeclarationError("benefit", "true or false, as there is a stage,")
    if metric.estimator not in ESTIMATORS:
        raise DeclarationError("estimator", "the name of an estimator", metric.estimator, ESTIMATORS)
    if metric.together and (metric.estimator, metric.unit) != ("count", "people"):
        raise DeclarationError("together", "left out, as only counts of people can be put together,")
    if metric.part not in (parts := ESTIMATORS[metric.estimator].parts):
        raise DeclarationError("part", f"a part that {metric.estimator} knows", metric.part, parts)


def _lost(path: Path, error: DeclarationError) -> dict[str, UnreadableMetric]:
    """Stand-ins for the metrics of a file, as far as it names them."""
    fault = misdeclared("LD-801", error.within(path))
    try:
        shared = header(path)
    except DeclarationError:
        shared = {}
    members = shared.get("metrics")
    if not isinstance(members, dict) or not all(isinstance(own, dict) for own in members.values()):
        members = {path.stem: {}}
    return {
        name: UnreadableMetric(
            name=name, title=name, stage=str({**shared, **own}.get("stage", "")), fault=fault
        )
        for name, own in members.items()
    }

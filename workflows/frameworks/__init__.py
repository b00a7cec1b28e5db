"""Outcomes frameworks: who is eligible, what is measured, and which progress is looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from workflows.policy import Policy

CountBasis = Literal["needs", "headline_indicators"]
Subject = Literal["adult", "child", "young_person", "adult_or_child", "household"]
MeasureKind = Literal["count", "months", "weeks", "money"]
IndicatorKind = Literal["count", "months", "weeks", "money", "yes_no", "scale"]
Words = Annotated[str, StringConstraints(min_length=1)]
LookBack = Annotated[str, StringConstraints(pattern=r"^(current|no limit|\d+ (months|terms))$")]
Stretch = Annotated[str, StringConstraints(pattern=r"^\d+ (terms|months|weeks)$")]

_NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


class NotInFramework(LookupError):
    """Somebody named a framework, need, indicator or measure that there is none of."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(_Entry):
    """A problem or headline outcome that a family's difficulties are counted under."""

    id: str
    name: Words
    short: Words
    """How a sentence calls it: "crime or anti-social behaviour"."""


class Criterion(_Entry):
    """An identification indicator: a fact about the family that shows a need.

    `look_back` is how far back it counts: months, school terms, "current" or "no limit".
    One that rests on `professional_judgement` needs the name of the professional who referred.
    """

    id: str
    need: str
    text: Words
    subject: Subject
    look_back: LookBack
    evidence: Words
    professional_judgement: bool = False
    reconstructed: bool = False
    note: str = ""


class Ages(_Entry):
    """The ages, in years and both included, of the people whom a measure is taken for."""

    lowest: int = Field(default=0, alias="from", ge=0)
    highest: int | None = Field(default=None, alias="to")

    def include(self, age: int) -> bool:
        """Whether somebody of this age is measured."""
        return self.lowest <= age and (self.highest is None or age <= self.highest)


class Measure(_Entry):
    """One of the family progress measures, taken at the start and at the end.

    Units by kind: a number, months out of the last 12, weeks out of the last 52, or pounds.
    A household measure has no ages: it is taken once a family.
    """

    number: int
    priority: Literal["essential", "desirable"]
    category: Words
    for_each: Literal["adults_and_children", "household", "young_people", "children"]
    text: Words
    kind: MeasureKind
    over: Stretch | None = None
    ages: Ages | None = None
    note: str = ""


class Target(_Entry):
    """What a reading must come to: exactly one of these is given.

    `fall_by_percent` and `rise_by` are measured from the family's own baseline.
    """

    at_most: int | None = None
    at_least: int | None = None
    answer: Literal["yes", "no"] | None = None
    fall_by_percent: int | None = Field(default=None, ge=1, le=100)
    rise_by: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one(self) -> Target:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("a target is exactly one of its kinds")
        return self


class Scale(_Entry):
    """The lowest and the highest score that can be given."""

    lowest: int
    highest: int


class Indicator(_Entry):
    """An outcome indicator that a team may choose to follow a family's progress by.

    Readings by kind: a number, months 0 to 12, weeks 0 to 52, pounds, yes or no, a score on the
    scale. `over` is the stretch a reading covers or must hold for, `counted_from` where that
    stretch begins. `together_with` are indicators that this one's meaning needs beside it.
    """

    id: str
    need: str
    text: Words
    subject: Subject
    kind: IndicatorKind
    better: Literal["lower", "higher", "yes", "no"]
    evidence: Words
    held_by: Words
    target: Target | None = None
    over: Stretch | None = None
    counted_from: Literal["start", "closure"] = "start"
    scale: Scale | None = None
    together_with: tuple[str, ...] = ()
    hardman: Literal["a", "b", "c", "d", "e", "f", "g", "h"] | None = None
    """Its letter among the eight that the published case study chose."""
    reconstructed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Indicator:
        if (self.kind == "yes_no") != (self.better in {"yes", "no"}):
            raise ValueError(f"{self.id}: a yes or no question gets better by an answer")
        if (self.kind == "scale") != (self.scale is not None):
            raise ValueError(f"{self.id}: a score, and only a score, has a scale")
        return self


class FrameworkWords(_Entry):
    """What the framework calls its needs and its criteria, one and many."""

    need: Words
    needs: Words
    criterion: Words
    criteria: Words


class Framework(_Entry):
    """An outcomes framework: its needs, who is eligible, its measures and its indicators."""

    id: str
    title: Words
    source: Words
    note: str = ""
    reconstructed: bool = False
    needed: int = Field(ge=1)
    count_basis: CountBasis
    words: FrameworkWords
    other_conditions: tuple[Words, ...] = ()
    """What must be true beside the count; people answer these, the assistant never does."""
    needs: tuple[Need, ...]
    criteria: tuple[Criterion, ...]
    measures: tuple[Measure, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Framework:
        needs = {need.id for need in self.needs}
        _refuse_twins(needs, self.needs)
        for entries in (self.criteria, self.indicators):
            ids = {entry.id for entry in entries}
            _refuse_twins(ids, entries)
            for entry in entries:
                if entry.need not in needs or entry.id.partition(".")[0] != entry.need:
                    raise ValueError(f"{entry.id} does not stand under a need of this framework")
        known = {indicator.id for indicator in self.indicators}
        for indicator in self.indicators:
            if missing := set(indicator.together_with) - known:
                raise ValueError(f"{indicator.id} goes with {missing}, which there is none of")
        return self

    def need(self, need_id: str) -> Need:
        """The need of this id. Raises NotInFramework."""
        return _look_up(need_id, self.needs, self.id)

    def criterion(self, criterion_id: str) -> Criterion:
        """The identification indicator of this id. Raises NotInFramework."""
        return _look_up(criterion_id, self.criteria, self.id)

    def indicator(self, indicator_id: str) -> Indicator:
        """The outcome indicator of this id. Raises NotInFramework."""
        return _look_up(indicator_id, self.indicators, self.id)

    def measure(self, number: int) -> Measure:
        """The family progress measure of this number. Raises NotInFramework."""
        for measure in self.measures:
            if measure.number == number:
                return measure
        raise NotInFramework(f"{self.id} has no measure {number}")


@dataclass(frozen=True)
class Eligibility:
    """Whether a family's needs are enough for the framework, and why, in a sentence."""

    eligible: bool
    needs_met: tuple[Need, ...]
    needed: int
    why: str
    counted: int
    criteria_met: tuple[Criterion, ...]


@cache
def known() -> tuple[str, ...]:
    """The ids of every framework there is a file for, in order: "SF-2022", "TF-2015"."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name[:-5].upper() for name in names if name.endswith(".yaml")))


@cache
def framework(framework_id: str) -> Framework:
    """The framework of this id, as its file has it. Raises NotInFramework."""
    if framework_id not in known():
        raise NotInFramework(_none_such(framework_id, known(), "the outcomes frameworks"))
    text = files(__name__).joinpath(f"{framework_id.lower()}.yaml").read_text(encoding="utf-8")
    found = Framework.model_validate(YAML(typ="safe").load(text))
    if found.id != framework_id:
        raise ValueError(f"the file of {framework_id} says that it is {found.id}")
    return found


def framework_for(policy: Policy) -> Framework:
    """The framework that the partnership uses, read the way the partnership reads it.

    Raises NotInFramework.
    """
    found = framework(policy.framework)
    own = policy.frameworks.get(policy.framework)
    return found.model_copy(update=own.model_dump(exclude_none=True)) if own else found


def eligibility(framework: Framework, criteria_ids: Iterable[str]) -> Eligibility:
    """Whether the criteria that a family meets are enough, and the sentence that says why.

    Under `headline_indicators` needs are counted, however many criteria show each; under `needs`
    every criterion counts. The other conditions stay with people. Raises NotInFramework.
    """
    asked = {framework.criterion(each).id for each in criteria_ids}
    criteria = tuple(each for each in framework.criteria if each.id in asked)
    under = {criterion.need for criterion in criteria}
    needs = tuple(need for need in framework.needs if need.id in under)
    counted = len(criteria) if framework.count_basis == "needs" else len(needs)
    return Eligibility(
        eligible=counted >= framework.needed,
        needs_met=needs,
        needed=framework.needed,
        why=_why(framework, counted, needs),
        counted=counted,
        criteria_met=criteria,
    )


def _why(framework: Framework, counted: int, needs: tuple[Need, ...]) -> str:
    """ "Eligible: four of the six problems are present, and two are needed: crime; …" """
    words, by_need = framework.words, framework.count_basis == "headline_indicators"
    if by_need:
        what = f"{_number(counted)} of the {_number(len(framework.needs))} {words.needs}"
    elif counted:
        what = f"{_number(counted)} {words.criterion if counted == 1 else words.criteria}"
    else:
        what = f"no {words.criterion}"
    be = "is" if counted <= 1 else "are"
    need_be = "is" if framework.needed == 1 else "are"
    start = "Eligible" if counted >= framework.needed else "Not eligible yet"
    sentence = f"{start}: {what} {be} present, and {_number(framework.needed)} {need_be} needed"
    if not needs:
        return f"{sentence}."
    return f"{sentence}{': ' if by_need else ', under '}{'; '.join(n.short for n in needs)}."


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _look_up(wanted: str, entries: Collection[N], where: str) -> N:
    for entry in entries:
        if entry.id == wanted:
            return entry
    raise NotInFramework(_none_such(wanted, [entry.id for entry in entries], where))


def _none_such(wanted: str, ids: Collection[str], where: str) -> str:
    near = get_close_matches(wanted, ids, n=1)
    return f'"{wanted}" is not in {where}' + (f'; did you mean "{near[0]}"?' if near else "")


def _refuse_twins(ids: Collection[str], entries: Collection[_Named]) -> None:
    if len(ids) != len(entries):
        raise ValueError("two entries have one id")

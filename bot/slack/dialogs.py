"""A command's form as a modal: drawn, drawn again, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.asking import Asked, Asking, Ready, asked_again
from bot.slack import modals
from bot.slack.answers import answers
from bot.slack.asked import paths
from bot.slack.choosing import options, plain
from bot.slack.steps import step_of, steps
from messages.form import Form
from messages.rows import rearranged
from workflows.refusals import Refusal

GIVEN = "given"
"""The callback of a view that asks nothing: it says how something ended."""

View = dict[str, Any]


def asked_by(person_id: int, view: Mapping[str, Any]) -> Asked | None:
    """The form that a view of ours shows, None if it shows none."""
    if view.get("callback_id") != modals.CALLBACK:
        return None
    try:
        meta = json.loads(str(view.get("private_metadata") or ""))
    except ValueError:
        return None
    return asked_again(person_id, meta) if isinstance(meta, dict) else None


@dataclass(frozen=True)
class Filled:
    """A form with everything filled in so far, over all its steps."""

    asked: Asked
    form: Form
    raw: dict[str, Any]
    count: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_last(self) -> bool:
        """Whether this is the form's last step."""
        return self.asked.step >= self.count - 1


@dataclass
class Dialogs:
    """Draws forms for a person and reads them back."""

    asking: Asking

    def drawn(
        self,
        asked: Asked,
        raw: dict[str, Any] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> View:
        """The view of a form; one that may not be given now says why instead."""
        try:
            ready = self.asking.ready(asked, raw)
        except Refusal as no:
            return said("Not now", self.asking.assistant.boundary.said(no))
        return _view(ready, errors or {})

    def filled(self, asked: Asked, view: Mapping[str, Any]) -> Filled:
        """What a view holds, over what was filled in on earlier steps; raises Refusal."""
        begun, shown = self.asking.begun(asked), paths(view)
        given = answers(begun.form, (view.get("state") or {}).get("values") or {}, shown)
        raw = begun.over(given)
        wrong = begun.wrong(raw).items()
        errors = {name: said for name, said in wrong if _is_here(name, shown)}
        count = len(steps(begun.form, begun.lists, raw))
        return Filled(asked, begun.form, begun.known(raw), count, errors)

    def changed(self, filled: Filled, action_id: str) -> Filled:
        """The form after one of its own buttons: a row more, a row fewer, a step back."""
        back = modals.read_back(action_id)
        if back is not None:
            return replace(filled, asked=replace(filled.asked, step=back))
        return replace(filled, raw=rearranged(filled.form, filled.raw, action_id))

    def at_error(self, asked: Asked, raw: dict[str, Any], errors: Mapping[str, str]) -> View:
        """The step of a form on which the first thing that is wrong stands."""
        begun = self.asking.begun(asked)
        step = step_of(begun.form, begun.lists, raw, next(iter(errors)))
        return self.drawn(replace(asked, step=step), raw, errors)

    def offered(self, asked: Asked, path: str, query: str) -> dict[str, Any]:
        """The choices of a long list that hold what was typed; raises Refusal."""
        name = path.rpartition("-")[2]
        begun = self.asking.begun(asked)
        every = [*begun.form.fields, *(inner for one in begun.form.fields for inner in one.fields)]
        found = next((one for one in every if one.id == name), None)
        return options(found, query, begun.lists) if found else {"options": []}


def _view(ready: Ready, errors: Mapping[str, str]) -> View:
    asked = ready.asked
    return modals.view(
        ready.form,
        asked.step,
        ready.raw,
        ready.lists,
        errors,
        asked.meta,
        context=ready.context,
    )


def _is_here(name: str, shown: frozenset[str]) -> bool:
    return name in shown or any(one.startswith(f"{name}-") for one in shown)


def said(title: str, *sentences: str) -> View:
    """A view that asks nothing."""
    return {
        "type": "modal",
        "callback_id": GIVEN,
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": [{"type": "section", "text": plain(one)} for one in _blank(sentences)],
    }


def _blank(sentences: Sequence[str]) -> Sequence[str]:
    return [one for one in sentences if one] or ["…"]

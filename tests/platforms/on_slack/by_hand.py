"""Gives any command of a story by hand: finds its form on Slack, fills it in, sends it off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.boundary import Answer, Press, form_for
from bot.commands import COMMANDS
from bot.slack.arriving import FORM, PRESS
from messages.form import Field, Form
from storage import inbox, subjects
from storage.people import Person
from tests.platforms.on_slack.town import Town
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.refusing import ClientRefuses
from tests.platforms.slack.views import View

MOST_STEPS = 12


class ByHand:
    """The assistant of a town, to whom nothing is said but through Slack."""

    def __init__(self, town: Town, hands: dict[int, Hand]) -> None:
        self.town, self.hands = town, hands
        self.given = self.before = 0
        self.not_offered: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.town.assistant, name)

    def press(self, press: Press) -> Answer:
        """Do by hand what a story's person did; what is not offered to them, they cannot do."""
        hand = self.hands[press.person_id]
        self.before = self._last()
        if not self._begins(hand, press):
            return self._refused_at_once(press)
        try:
            taken = hand.view is None or self._fills(hand, press)
        except ClientRefuses:
            hand.closes(hand.view)
            return self._refused_at_once(press)
        if not taken:
            if hand.view is not None:
                hand.closes(hand.view)
            return self._kept(self.before) or self._refused_at_once(press)
        self.town.rest()
        done = self._kept(self.before)
        self.given += bool(done and done.ok)
        assert done is not None, f"{press.command} by {hand.person.real_name} was not kept"
        assert not hand.errors, hand.errors
        return done

    def _refused_at_once(self, press: Press) -> Answer:
        """Slack let them send nothing: why, says the same press from elsewhere."""
        answer = self.town.assistant.press(press)
        assert not answer.ok, f"{press.command} is not offered on Slack, and is allowed"
        self.not_offered.append(press.command)
        return answer

    def _begins(self, hand: Hand, press: Press) -> bool:
        """Open the form of a command, or press its button; False where nothing offers it."""
        if not press.about:
            hand.opens_home()
            home = self.town.until(lambda: hand.home)
            return self._pressed(hand, home, f"press:{press.command}:")
        name = self._name_of_the_work(press.about)
        if name:
            hand.types(f"/taf {name}")
        self.town.workspace.settle()
        said = hand.sees[-1]
        block = next((one for one in said.blocks if one.get("accessory")), None)
        if block is None:
            return self._by_a_message(hand, press)
        value = f"{press.command} {press.about}"
        for words in (COMMANDS[press.command].form.label, ""):
            offered = hand.searches(said, block["block_id"], words)
            if any(one["value"] == value for one in offered):
                hand.presses(said, block["accessory"]["action_id"], value)
                self._waits_for_a_form(hand, press)
                return True
        return self._by_a_message(hand, press)

    def _by_a_message(self, hand: Hand, press: Press) -> bool:
        """The button on a message: for what somebody is asked who is on no team."""
        for said in reversed(hand.sees):
            for block in said.blocks:
                for one in block.get("elements", ()):
                    if one.get("value") == press.about and press.command in one["action_id"]:
                        hand.presses(said, one["action_id"], one["value"])
                        self._waits_for_a_form(hand, press)
                        return True
        return False

    def _pressed(self, hand: Hand, where: Any, begins: str) -> bool:
        for block in where.blocks:
            for one in block.get("elements", ()):
                if str(one.get("action_id", "")).startswith(begins):
                    hand.presses(where, one["action_id"])
                    self.town.until(lambda: hand.view and _is_drawn(hand.view))
                    return True
        return False

    def _waits_for_a_form(self, hand: Hand, press: Press) -> None:
        if COMMANDS[press.command].form.asks:
            self.town.until(lambda: hand.view and _is_drawn(hand.view))
        else:
            self.town.until(lambda: self._kept(self.before))

    def _fills(self, hand: Hand, press: Press) -> bool:
        """Fill in one step after the other; whether it was taken."""
        form = self._form(press)
        done: set[str] = set()
        for _ in range(MOST_STEPS):
            view = hand.view
            if view is None:
                return True
            if view.body.get("callback_id") != "form":
                return False
            self._one_step(hand, form, press.answers, done)
            before = hand.view
            shown = json.dumps(before.blocks) if before else ""
            hand.submits(hand.view)
            if hand.view is not None and hand.view.errors:
                return False
            if hand.view is not None and json.dumps(hand.view.blocks) == shown:
                raise AssertionError(f"{press.command}: nothing happened: {shown[:500]}")
        raise AssertionError(f"{press.command} never came to its end")

    def _one_step(self, hand: Hand, form: Form, raw: Mapping[str, Any], done: set[str]) -> None:
        while True:
            view = hand.view
            assert view is not None
            inputs = [one for one in view.blocks if one["type"] == "input"]
            todo = [one for one in inputs if _id(one) not in done]
            if todo:
                block = todo[0]
                done.add(_id(block))
                self._fill_one(hand, view, block, _answer(form, raw, block))
                continue
            wanted = next((one for one in form.fields if _too_few(one, raw, view)), None)
            if wanted is None:
                return
            self._waits(hand, lambda: hand.presses(hand.view, f"row:add:{wanted.id}"))  # type: ignore[arg-type, union-attr]  # noqa: B023

    def _fill_one(self, hand: Hand, view: View, block: dict[str, Any], value: Any) -> None:
        element, name = block["element"], block["block_id"]
        if value is None:
            return
        if "external" in element["type"]:
            hand.searches(view, name, "")
        fill = {name: value}
        if block.get("dispatch_action"):
            self._waits(hand, lambda: hand.fills(view, fill))
        else:
            hand.fills(view, fill)

    def _waits(self, hand: Hand, act: Any) -> None:
        """Do something after which the form is drawn again, and wait until it is."""
        drawn = len(self.town.workspace.calls("views.update"))
        act()
        self.town.until(lambda: len(self.town.workspace.calls("views.update")) > drawn)

    def _form(self, press: Press) -> Form:
        assistant = self.town.assistant
        with assistant.database.reading() as session:
            doing = assistant.boundary.doing(session, press.person_id, assistant.clock.now())
            return form_for(COMMANDS[press.command], doing)

    def _name_of_the_work(self, about: str) -> str:
        with self.town.assistant.database.reading() as session:
            taf = getattr(subjects.find(session, about), "taf", None)
            return taf.name if taf is not None else ""

    def _last(self) -> int:
        with self.town.assistant.database.reading() as session:
            last = session.query(inbox.Received).order_by(inbox.Received.id.desc()).first()
            return last.id if last else 0

    def _kept(self, after: int) -> Answer | None:
        """What came of the last thing that was kept since then."""
        with self.town.assistant.database.reading() as session:
            found = (
                session.query(inbox.Received)
                .where(inbox.Received.id > after, inbox.Received.kind.in_((PRESS, FORM)))
                .order_by(inbox.Received.id.desc())
                .first()
            )
            if found is None or found.answer is None:
                return None
            kept = found.answer
            made = {
                name: {int(row): ref for row, ref in rows.items()}
                for name, rows in kept.get("made", {}).items()
            }
            return Answer(
                kept["sentence"],
                about=kept["about"],
                refused=kept.get("refused"),
                errors=kept.get("errors", {}),
                made=made,
            )


def _id(block: dict[str, Any]) -> str:
    return f"{block['block_id']} {block['element']['action_id']}"


def _is_drawn(view: View) -> bool:
    return view.body.get("callback_id") == "form" or "Not now" in json.dumps(view.body["title"])


def _answer(form: Form, raw: Mapping[str, Any], block: dict[str, Any]) -> Any:
    """The story's answer to a question, as a hand would give it; None leaves it as it is."""
    path = block["block_id"]
    fields = {one.id: one for one in form.fields}
    if path in fields and not fields[path].fields:
        return _given(fields[path], raw.get(path))
    name, _, rest = path.partition("-")
    row, _, inner = rest.partition("-")
    of = fields[name]
    handle = block["element"]["action_id"].partition(":")[2]
    rows = [one for one in raw.get(name) or [] if isinstance(one, dict)]
    if of.kind == "each":
        given = next((one for one in rows if one.get("who") == handle), {})
    else:
        given = rows[int(row)] if int(row) < len(rows) else {}
    field = next(one for one in of.fields if one.id == inner)
    return _given(field, given.get(inner))


def _given(field: Field, value: Any) -> Any:
    if value in (None, "", []):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "time":
        return str(value).zfill(5)
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _too_few(field: Field, raw: Mapping[str, Any], view: View) -> bool:
    if field.kind != "list":
        return False
    wanted = len(raw.get(field.id) or [])
    shown = {
        one["block_id"].split("-")[1]
        for one in view.blocks
        if one["type"] == "input" and one["block_id"].startswith(f"{field.id}-")
    }
    adds = any(
        each.get("action_id") == f"row:add:{field.id}"
        for one in view.blocks
        for each in one.get("elements", ())
    )
    return adds and max((int(one) + 1 for one in shown), default=0) < wanted


def everybody(town: Town, people: Mapping[str, Any], known: Any) -> dict[int, Hand]:
    """A hand for everybody of a story, and their place in the record."""
    hands = {}
    with town.assistant.database.writing() as session:
        for handle, actor in people.items():
            hand = town.workspace.joins(actor.name, f"{handle.replace('_', '.')}@example.org")
            person = Person(
                name=actor.name,
                agency=actor.agency,
                roles=list(actor.roles),
                platform="slack",
                platform_id=hand.id,
                works_on=actor.works_on,
                identity_verified_on=known if actor.verified else None,
            )
            session.add(person)
            session.flush()
            hands[person.id] = hand
    return hands

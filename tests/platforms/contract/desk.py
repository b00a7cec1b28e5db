"""What a practitioner does at any chat platform, in words that every one of them understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tests.platforms.on_slack.town import Town


class Desk(Protocol):
    """One platform as its practitioners have it before them; `place` is the town around it."""

    place: Town

    def types(self, who: str, words: str) -> None:
        """Say something to the assistant: "actions", "F-1042"."""

    def opens(self, who: str, card: Any, label: str) -> None:
        """Press a button that opens a form, and wait until it stands there."""

    def fills(self, who: str, values: Mapping[str, Any]) -> None:
        """Fill in questions of the form, by their paths."""

    def sends(self, who: str) -> None:
        """Send the form off."""

    def is_open(self, who: str) -> bool:
        """Whether a form is in front of somebody."""

    def problems(self, who: str) -> str:
        """What stands in the form about answers that cannot be taken."""

    def holds(self, who: str, path: str) -> Any:
        """What stands in a question of the form now."""

    def is_done(self, who: str, sentence: str) -> bool:
        """Whether somebody reads this of how a press or form ended."""

    def goes_down(self, method: str = "") -> Callable[[], None]:
        """The platform answers nothing that we ask, until what is returned is called."""

    def dawdles(self, seconds: float) -> None:
        """It answers late, once, what is asked before something is posted in a room."""


@dataclass
class SlackDesk:
    """Slack: commands after /taf, modals."""

    place: Town

    def types(self, who: str, words: str) -> None:
        self.place[who].types(f"/taf {words}")

    def opens(self, who: str, card: Any, label: str) -> None:
        hand = self.place[who]
        hand.presses(card, label)
        self.place.until(
            lambda: hand.view and any(one["type"] == "input" for one in hand.view.blocks)
        )

    def fills(self, who: str, values: Mapping[str, Any]) -> None:
        self.place[who].fills(self.place[who].view, dict(values))

    def sends(self, who: str) -> None:
        self.place[who].submits(self.place[who].view)

    def is_open(self, who: str) -> bool:
        view = self.place[who].view
        return view is not None and view.body["callback_id"] == "form"

    def problems(self, who: str) -> str:
        view = self.place[who].view
        return " ".join(view.errors.values()) if view else ""

    def holds(self, who: str, path: str) -> Any:
        view = self.place[who].view
        (entered,) = view.values[path].values() if view else ({},)
        return entered.get("value") or entered.get("selected_date")

    def is_done(self, who: str, sentence: str) -> bool:
        """A modal closes where it is saved; a press is answered where it was made."""
        hand = self.place[who]
        view = hand.view
        shown = str(view.body) if view else ""
        return sentence in shown or any(sentence in str(one.blocks) for one in hand.sees)

    def goes_down(self, method: str = "chat.postMessage") -> Callable[[], None]:
        faults = self.place.workspace.faults
        faults.methods, faults.rates = {method}, {"500 before": 1.0}
        return faults.clear

    def dawdles(self, seconds: float) -> None:
        self.place.workspace.faults.order("conversations.info", f"slow {seconds}")


@dataclass
class TeamsDesk:
    """Teams: words in one's own chat, dialogs."""

    place: Town

    def types(self, who: str, words: str) -> None:
        self.place[who].types(words)

    def opens(self, who: str, card: Any, label: str) -> None:
        self.place[who].presses(card, label)
        assert self.place[who].view is not None, self.place[who].notices

    def fills(self, who: str, values: Mapping[str, Any]) -> None:
        named = {f"f_{path}": value for path, value in values.items()}
        self.place[who].fills(self.place[who].view, named)

    def sends(self, who: str) -> None:
        view: Any = self.place[who].view
        sends = next(
            one["title"]
            for row in view.blocks
            for one in row.get("actions", ())
            if one["data"].get("op") == "send"
        )
        self.place[who].presses(view, sends)

    def is_open(self, who: str) -> bool:
        return self.place[who].view is not None

    def problems(self, who: str) -> str:
        view: Any = self.place[who].view
        shown = str(view.card) if view else ""
        return shown if "There is a problem" in shown else ""

    def holds(self, who: str, path: str) -> Any:
        view: Any = self.place[who].view
        return next(one.get("value") for one in view.blocks if one.get("id") == f"f_{path}")

    def is_done(self, who: str, sentence: str) -> bool:
        hand: Any = self.place[who]
        return any(sentence in one for one in hand.notices)

    def goes_down(self, method: str = "activities.send") -> Callable[[], None]:
        faults = self.place.workspace.faults
        faults.methods, faults.rates = {method}, {"500 before": 1.0}
        return faults.clear

    def dawdles(self, seconds: float) -> None:
        tenant: Any = self.place.workspace
        asked = "conversations.members" if tenant.team is None else "channels.members"
        tenant.faults.order(asked, f"slow {seconds}")

"""Small views, as an app would send them, for the tests of the fake Slack."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from tests.platforms.slack.listening import Heard, Saying


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def field(block_id: str, kind: str = "plain_text_input", **more: Any) -> dict[str, Any]:
    block = {name: more.pop(name) for name in ("optional", "dispatch_action") if name in more}
    element = {"type": kind, "action_id": "it", **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element} | (
        block
    )


def option(label: str) -> dict[str, Any]:
    return {"text": plain(label), "value": label.lower()}


OPTIONS = {"options": [option("Red"), option("Green"), option("Blue")]}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Save"),
        "callback_id": "form",
        "blocks": list(blocks),
        **more,
    }


def opening(client: WebClient, view: dict[str, Any]) -> Any:
    """What an app answers that opens this view upon whatever it hears."""

    def answer(heard: Heard) -> Saying:
        if "trigger_id" in heard.body and heard.kind != "view_submission":
            client.views_open(trigger_id=heard.body["trigger_id"], view=view)
        return 200, "", {}

    return answer

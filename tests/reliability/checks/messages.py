"""Each delivery against the messages it became: one that was sent exactly one, any other none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from storage.outbox import Delivery
from tests.reliability.checks.history import SAYS_SOMETHING, History, named

ENDED_UNSAID = frozenset({"cancelled", "superseded", "dead"})
MAY_HAVE_ARRIVED = "It may have arrived"
"""How the reason of a delivery begins that was given up while nobody could know."""


def _said(history: History) -> Iterator[Delivery]:
    return (one for one in history.deliveries.values() if one.operation in SAYS_SOMETHING)


def each_sent_delivery_has_its_one_message(history: History) -> Iterator[str]:
    """In its own place, under the name that the record kept, with the words that it kept."""
    for delivery in _said(history):
        if delivery.state == "sent":
            yield from _one_message(history, delivery)


def _one_message(history: History, delivery: Delivery) -> Iterator[str]:
    found = history.accepted_of[delivery.id]
    posts = [one for one in found if one["operation"] == "post"]
    if not found:
        yield f"{named(delivery)} was never taken: it is lost"
        return
    most = 1 + (delivery.repeats if history.may_repeat else 0)
    if len(posts) > most:
        yield f"{named(delivery)} was taken {len(posts)} times"
    if posts and len(posts) < len(found):
        yield f"{named(delivery)} was both posted and edited in"
    if delivery.provider_ref not in {one["ref"] for one in found}:
        yield f"{named(delivery)} is not the message {delivery.provider_ref} that the record names"
    for one in found:
        if one["place"] != history.place(delivery.lane_id):
            yield f"{named(delivery)} was said in {one['place']}, where it does not belong"
    if found[-1]["card"] != delivery.card:
        yield f"{named(delivery)} was not said in the words that the record keeps"


def nothing_was_said_that_the_record_does_not_know(history: History) -> Iterator[str]:
    """No message without a delivery, and none of a delivery that ended unsaid."""
    for number, lines in history.accepted_of.items():
        delivery = history.deliveries.get(number)
        if delivery is None:
            yield f"message {lines[0]['ref']} comes from delivery {number}, which is not there"
        elif delivery.state in ENDED_UNSAID and not (delivery.why or "").startswith(
            MAY_HAVE_ARRIVED
        ):
            yield f"{named(delivery)} was said all the same: {delivery.why}"


def every_other_end_has_its_reason(history: History) -> Iterator[str]:
    """What did not become a message of its own says why."""
    for delivery in history.deliveries.values():
        if delivery.state in ENDED_UNSAID and not delivery.why:
            yield f"{named(delivery)} has no reason"


def each_item_is_said_in_one_digest(history: History) -> Iterator[str]:
    """A notice that a digest took over is in that digest, and in no other one."""
    digests = [one for one in _said(history) if one.operation == "digest"]
    times = Counter(number for one in digests if one.state == "sent" for number in one.items)
    for delivery in _said(history):
        if delivery.state == "superseded" and times[delivery.id] != 1:
            yield f"{named(delivery)} is in {times[delivery.id]} digests that were sent"
    for number in times:
        held = history.deliveries.get(number)
        if held is None:
            yield f"a digest holds delivery {number}, which is not there"
        elif held.state != "superseded":
            yield f"{named(held)} was said in a digest"
    for digest in digests:
        inside = (digest.card or {}).get("cards", [])
        if digest.state == "sent" and len(inside) != len(digest.items):
            yield f"{named(digest)} holds {len(digest.items)} notices but says {len(inside)}"


def each_room_was_made_once(history: History) -> Iterator[str]:
    """One room for each delivery that asked for one, at the address that the record keeps."""
    made = Counter(
        one["number"]
        for one in history.log
        if one["operation"] == "open" and one["status"] == 200 and "creator" not in one
    )
    for delivery in history.deliveries.values():
        if delivery.operation != "open" or delivery.id not in made:
            continue
        if delivery.state != "sent" or made[delivery.id] != 1:
            yield f"{named(delivery)} made {made[delivery.id]} rooms"
        elif history.place(delivery.lane_id) is None:
            yield f"{named(delivery)} made a room that the record has no address of"

"""The members of a family: by their role, with the privacy notice and the lawful basis."""

from __future__ import annotations

from typing import Any

from storage.consents import Consent, PrivacyNotice
from storage.families import Family, FamilyMember
from workflows.access import the_lead
from workflows.checks import check_gone_by, check_role_label
from workflows.doing import Doing, command
from workflows.refusals import NoDependentChild, NoFamilyMember, SameLabel


def check_members(family: Family, members: list[dict[str, Any]]) -> None:
    """Refuse a family without anybody, without a child, or with one label twice."""
    labels = [row["label"].lower() for row in members]
    if not labels:
        raise NoFamilyMember("members")
    for label in labels:
        if labels.count(label) > 1:
            raise SameLabel("members", label=label)
    stages = {member.label.lower(): member.stage for member in family.members}
    stages |= {row["label"].lower(): row["stage"] for row in members}
    if all(stage == "adult" for stage in stages.values()):
        raise NoDependentChild("members")


def add_person(doing: Doing, taf: Any, row: dict[str, Any], path: str = "") -> FamilyMember:
    """Add a family member, with the privacy notice and the lawful basis where they are given.

    Somebody known from earlier work with the family is the same person, as things stand now.
    """
    check_role_label(row["label"], f"{path}label")
    member = labelled(taf.family, row["label"])
    if member is None:
        member = FamilyMember(family_id=taf.family_id, label=row["label"])
    member.stage, member.age_band, member.lives = row["stage"], row["age_band"], row["lives"]
    member.parental_responsibility = bool(row["parental_responsibility"])
    member.language, member.interpreter = row["language"] or "English", bool(row["interpreter"])
    member.joined_on = doing.today
    doing.add(member)
    doing.session.expire(taf.family, ["members"])
    _keep_notice_and_basis(doing, member, row, path)
    return member


def _keep_notice_and_basis(
    doing: Doing, member: FamilyMember, row: dict[str, Any], path: str
) -> None:
    if row["notice_on"]:
        check_gone_by(doing, row["notice_on"], f"{path}notice_on")
        doing.add(
            PrivacyNotice(
                family_member_id=member.id,
                served_on=row["notice_on"],
                served_by_id=doing.person.id,
            )
        )
    if row["basis"] and row["basis"] != "not_yet":
        given = row["basis_on"] or doing.today
        check_gone_by(doing, given, f"{path}basis_on")
        doing.add(
            Consent(
                family_member_id=member.id,
                basis=row["basis"],
                given_on=given,
                recorded_by_id=doing.person.id,
                recorded_at=doing.now,
            )
        )


def labelled(family: Any, label: str) -> Any:
    """The family member of this label, or None."""
    return next((one for one in family.members if one.label.lower() == label.lower()), None)


@command(the_lead)
def add(doing: Doing, taf: Any, **answers: Any) -> FamilyMember:
    """Add somebody of the family who joins later."""
    if labelled(taf.family, answers["label"]):
        raise SameLabel("label", label=answers["label"])
    return add_person(doing, taf, answers)

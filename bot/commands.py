"""Every command: its name, what it is given on, what it does and what its form asks."""

from __future__ import annotations

from dataclasses import dataclass

from messages.form import Form
from messages.forms import (
    accept_lead,
    add_family_member,
    add_member,
    add_practitioner,
    agree_action,
    agree_outcome,
    agree_plan,
    answer_help,
    approve_member,
    ask_for_help,
    ask_for_time,
    block,
    cancel,
    change_details,
    choose_indicator,
    close,
    come_back,
    complete_assessment,
    contribute,
    convene,
    decline_lead,
    decline_member,
    give_to,
    give_up_lead,
    hand_over,
    has_left,
    initiate_assessment,
    leave_team,
    mark_done,
    match_account,
    not_mine,
    record,
    record_consent,
    record_criteria,
    record_reading,
    record_review,
    remove_member,
    reopen,
    reply,
    reschedule,
    resume_sharing,
    schedule,
    serve_notice,
    set_account_aside,
    set_aside,
    snooze,
    step_down,
    stop_following,
    take_back_help,
    take_back_lead,
    take_leave,
    try_again,
    unblock,
    unmatch_account,
    withdraw,
    withdraw_consent,
)
from workflows import (
    accounts,
    asking_for_help,
    assessing,
    attendance,
    closing,
    consenting,
    convening,
    family_members,
    indicators,
    leading,
    leave,
    meetings,
    people,
    plan_actions,
    planning,
    reviewing,
    team,
    trying_again,
)
from workflows.doing import Workflow


@dataclass(frozen=True)
class Command:
    """One thing a person can do. `on` is the kind of subject, "" for none.

    `asks_agency`: the form also asks the presser's own agency's questions (app.yaml).
    """

    id: str
    on: str
    does: Workflow
    form: Form
    asks_agency: bool = False


_TABLE = (
    Command("taf.convene", "", convening.convene, convene.FORM),
    Command("taf.step_down", "", convening.step_down, step_down.FORM),
    Command("taf.add_member", "taf", team.add_member, add_member.FORM),
    Command(
        "taf.add_family_member", "taf", family_members.add, add_family_member.FORM
    ),
    Command("taf.record_criteria", "taf", convening.record_criteria, record_criteria.FORM),
    Command("taf.close", "taf", closing.close, close.FORM),
    Command("member.approve", "team_member", team.approve_member, approve_member.FORM),
    Command("member.decline", "team_member", team.decline_member, decline_member.FORM),
    Command("member.remove", "team_member", team.remove_member, remove_member.FORM),
    Command("member.leave", "team_member", team.leave_team, leave_team.FORM),
    Command("lead.hand_over", "taf", leading.hand_over, hand_over.FORM),
    Command("lead.give_up", "taf", leading.give_up_lead, give_up_lead.FORM),
    Command("lead.accept", "handover", leading.accept_lead, accept_lead.FORM),
    Command("lead.decline", "handover", leading.decline_lead, decline_lead.FORM),
    Command("lead.take_back", "handover", leading.take_back_lead, take_back_lead.FORM),
    Command("privacy_notice.serve", "family_member", consenting.serve_notice, serve_notice.FORM),
    Command("consent.record", "family_member", consenting.record_consent, record_consent.FORM),
    Command(
        "consent.withdraw", "family_member", consenting.withdraw_consent, withdraw_consent.FORM
    ),
    Command("consent.resume_sharing", "taf", consenting.resume_sharing, resume_sharing.FORM),
    Command("assessment.initiate", "taf", assessing.initiate_assessment, initiate_assessment.FORM),
    Command(
        "assessment.contribute",
        "assessment",
        assessing.contribute,
        contribute.FORM,
        asks_agency=True,
    ),
    Command(
        "assessment.complete",
        "assessment",
        assessing.complete_assessment,
        complete_assessment.FORM,
    ),
    Command("meeting.schedule", "taf", meetings.schedule, schedule.FORM),
    Command("meeting.reschedule", "meeting", meetings.reschedule, reschedule.FORM),
    Command("meeting.cancel", "meeting", meetings.cancel, cancel.FORM),
    Command("meeting.reply", "meeting", meetings.reply, reply.FORM),
    Command("meeting.record", "meeting", attendance.record, record.FORM),
    Command("outcome.agree", "taf", planning.agree_outcome, agree_outcome.FORM),
    Command("plan.agree", "plan", planning.agree_plan, agree_plan.FORM),
    Command("action.agree", "taf", plan_actions.agree, agree_action.FORM),
    Command("action.mark_done", "action", plan_actions.mark_done, mark_done.FORM),
    Command("action.ask_for_time", "action", plan_actions.ask_for_time, ask_for_time.FORM),
    Command("action.block", "action", plan_actions.block, block.FORM),
    Command("action.unblock", "action", plan_actions.unblock, unblock.FORM),
    Command("action.not_mine", "action", plan_actions.not_mine, not_mine.FORM),
    Command("action.give_to", "action", plan_actions.give_to, give_to.FORM),
    Command("action.snooze", "action", plan_actions.snooze, snooze.FORM),
    Command("action.withdraw", "action", plan_actions.withdraw, withdraw.FORM),
    Command("action.reopen", "action", plan_actions.reopen, reopen.FORM),
    Command("indicator.choose", "taf", indicators.choose, choose_indicator.FORM),
    Command(
        "indicator.record_reading", "indicator", indicators.record_reading, record_reading.FORM
    ),
    Command("indicator.stop", "indicator", indicators.stop_following, stop_following.FORM),
    Command("review.record", "taf", reviewing.record_review, record_review.FORM),
    Command("help.ask", "taf", asking_for_help.ask_for_help, ask_for_help.FORM),
    Command("help.answer", "help", asking_for_help.answer_help, answer_help.FORM),
    Command("help.take_back", "help", asking_for_help.take_back_help, take_back_help.FORM),
    Command("delivery.try_again", "delivery", trying_again.try_again, try_again.FORM),
    Command("delivery.set_aside", "delivery", trying_again.set_aside, set_aside.FORM),
    Command("person.add", "", people.add_practitioner, add_practitioner.FORM),
    Command("person.change", "person", people.change_details, change_details.FORM),
    Command("person.has_left", "person", people.has_left, has_left.FORM),
    Command("person.come_back", "person", people.come_back, come_back.FORM),
    Command("person.unmatch", "person", accounts.unmatch, unmatch_account.FORM),
    Command("account.match", "account", accounts.match, match_account.FORM),
    Command("account.set_aside", "account", accounts.set_aside, set_account_aside.FORM),
    Command("my.take_leave", "", leave.take_leave, take_leave.FORM),
)

COMMANDS = {command.id: command for command in _TABLE}
"""Every command by its name, in the order of a family's story."""

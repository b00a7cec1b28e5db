"""Agreeing an action."""

from messages.form import Form
from messages.forms._shared import ACTION

FORM = Form("Agree an action", fields=ACTION, done="The action is agreed.")

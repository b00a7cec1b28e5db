"""Declining a proposed practitioner."""

from messages.form import Form

FORM = Form("Decline", done="They do not join.")

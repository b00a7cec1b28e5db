"""Approving a proposed practitioner."""

from messages.form import Form

FORM = Form("Approve", done="They are on the team.")

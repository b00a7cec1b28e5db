"""Declining the lead."""

from messages.form import Form

FORM = Form("Decline the lead", done="The lead stays where it is.")

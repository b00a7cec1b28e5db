"""Accepting the lead."""

from messages.form import Form

FORM = Form("Accept the lead", done="You are the Lead Professional now.")

"""Marking an action done."""

from messages.form import Form

FORM = Form("Mark done", done="Marked done.")

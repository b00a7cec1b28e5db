"""Saying that a blocked action can go on."""

from messages.form import Field, Form

FORM = Form("No longer blocked", fields=(Field("due_on", "Due date", "date"),))

"""Stopping to follow an indicator."""

from messages.form import Form

FORM = Form("Stop following", sure="Stop following this indicator? Its readings are kept.")

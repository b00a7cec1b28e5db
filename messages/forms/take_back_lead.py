"""Taking back an offer of the lead."""

from messages.form import Form

FORM = Form("Take back the offer", done="The offer is taken back.")

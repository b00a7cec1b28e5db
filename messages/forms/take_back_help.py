"""Taking a request for help back."""

from messages.form import Form

FORM = Form("Take back the request", sure="Are you no longer stuck?")

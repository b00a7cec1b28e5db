"""Recording which criteria the family meets."""

from messages.form import Form
from messages.forms._shared import CRITERIA

FORM = Form("Criteria met", "Which criteria does the family meet now?", CRITERIA, submit="Save")

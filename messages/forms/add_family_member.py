"""Adding somebody of the family who joins later."""

from messages.form import Form
from messages.forms._shared import MEMBER

FORM = Form(
    "Add a family member",
    "Add somebody in the family",
    MEMBER,
    submit="Add",
)

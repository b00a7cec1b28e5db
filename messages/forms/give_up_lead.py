"""Stepping back as Lead Professional with nobody to follow yet."""

from messages.form import Field, Form

FORM = Form(
    "Step back as Lead Professional",
    fields=(Field("reason", "Why", "words", longest=500, named="reason"),),
    intro="The co-ordinators are told that this family needs a new Lead Professional.",
)

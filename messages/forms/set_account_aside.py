"""Setting an account aside that is nobody's."""

from messages.form import Form

FORM = Form(
    "Set aside",
    "Set an account aside",
    intro="You are not told of it again. You can still match it later.",
    sure="Is this nobody of yours?",
    submit="Set aside",
    done="The account is set aside.",
)

"""What the assistant does: the Think Family process, decided in plain functions."""

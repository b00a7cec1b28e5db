"""How people reach the assistant: the web, the command line and, later, chat platforms."""

"""A strict chat platform that exists for the tests alone: its own process, over real HTTP."""

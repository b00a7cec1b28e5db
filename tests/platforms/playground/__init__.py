"""Microsoft's own Agents Playground as a second witness, beside the fake Teams of ours."""

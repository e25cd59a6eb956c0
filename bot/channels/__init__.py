"""How messages come in and replies go out: the gate, sessions, the web channel."""

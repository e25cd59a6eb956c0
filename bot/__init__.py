"""The running service: Rasa agent, channels, widget and the `npq` command."""

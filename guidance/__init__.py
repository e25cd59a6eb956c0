"""What the guide knows and decides. Imports neither Rasa nor a web framework nor Slack."""

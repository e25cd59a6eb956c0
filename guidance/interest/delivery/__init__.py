"""Telling the provider: a signed webhook, an email, a Slack notice."""

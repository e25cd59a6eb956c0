"""The same guide in Slack: direct messages, mentions and threads, `/npq`, a message shortcut, a home tab.

What Slack sends is verified, stored and acknowledged (`door`), then worked on from the database (`inbox`, `service`).
What is sent to Slack goes through the database too, so that a restart or an outage loses and doubles nothing.
"""

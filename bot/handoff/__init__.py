"""A person takes over a conversation of the web channel, from a thread in Slack, and gives it back.

States: a person is `offered`, then `requested`, then `active`, then it is `closed`; all in the database, changed by
whoever is first. The visitor's side (`visitor`) is asked by the guide before each turn, the staff's side (`staff`) by
the Slack channel, and a clock (`clock`) looks after those who wait.
"""

"""Scripted conversations: YAML files that say what a visitor types and what the guide must reply.

`reading` turns files into `Conversation`s, `playing` plays one with the guide, `running` plays many, `showing`
prints them. How to write them: docs/testing.md.
"""

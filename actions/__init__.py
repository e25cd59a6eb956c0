"""Rasa custom actions: thin. Slots in, `guidance` called, reply out."""

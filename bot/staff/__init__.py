"""The staff page: the report live, conversations, expressions of interest. Off unless NPQ_STAFF_USERS_FILE is set."""

from bot.staff.routes import add_staff

__all__ = ["add_staff"]

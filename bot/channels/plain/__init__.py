"""The chat as a plain page, for browsers without JavaScript."""

from bot.channels.plain.routes import plain_page

__all__ = ["plain_page"]

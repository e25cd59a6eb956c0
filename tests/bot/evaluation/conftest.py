"""The encoder of the tests of understanding, and the browser of those of the page."""

from tests.bot.nlu.conftest import encoder, files
from tests.bot.widget.conftest import browser

__all__ = ["browser", "encoder", "files"]

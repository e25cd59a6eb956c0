"""What `npq test` takes; apart, so that other subcommands start without what it imports."""

from __future__ import annotations

from typing import Any


def options(commands: Any) -> None:
    """The subcommand's own options."""
    test = commands.add_parser("test", help="play the scripted conversations: what must the guide reply?")
    test.add_argument("files", nargs="*", metavar="FILE", help="a file, a folder or FILE::NAME (default: all)")
    test.add_argument("--show", action="store_true", help="show the whole conversations, also of those that pass")
    test.add_argument("--jobs", type=int, metavar="N", help="how many at once (default: as many as pay off)")
    test.add_argument("--junit", metavar="FILE", help="also write the results as JUnit XML")
    other = test.add_mutually_exclusive_group()
    other.add_argument("--watch", action="store_true", help="play them again whenever a file changes; Ctrl-C ends")
    other.add_argument(
        "--coverage", nargs="?", const="", metavar="FILE.json",
        help="also list what no conversation touches; with a name that ends in .json, into that file too",
    )  # fmt: skip
    other.add_argument("--url", metavar="URL", help="play them against a running service, over its web channel")

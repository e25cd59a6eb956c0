"""The types in the comments of the widget's modules hold, where TypeScript is at hand."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from bot.embed import WIDGET

OPTIONS = [
    "--noEmit", "--allowJs", "--checkJs", "--strict", "--noUnusedLocals", "--target", "es2023",
    "--lib", "es2023,dom,dom.iterable", "--module", "esnext", "--moduleResolution", "bundler",
]  # fmt: skip
RELEASE = "typescript@5.9.3"


def compiler() -> list[str]:
    """The command that checks; skips where there is none and none can be had."""
    if found := shutil.which("tsc"):
        return [found]
    npx = shutil.which("npx")
    if npx:
        command = [npx, "--yes", "--package", RELEASE, "tsc"]
        if subprocess.run([*command, "--version"], capture_output=True, timeout=120, check=False).returncode == 0:
            return command
    pytest.skip("No TypeScript: neither `tsc` nor npm's registry can be reached. Install Node.js to check the types.")


def test_the_types_hold() -> None:
    files = [*WIDGET.glob("*.js"), *WIDGET.glob("chat/*.js")]
    assert all(path.read_text(encoding="utf-8").startswith("// @ts-check\n") for path in files)
    done = subprocess.run(
        [*compiler(), *OPTIONS, *map(str, files)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout

"""Install everything into .venv. Called by `make setup`; quick when nothing has changed.

Standard library only and Python 3.7 syntax: this runs before anything is installed, on whatever
Python the machine has. The packages themselves get Python 3.10, through uv.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".npq-setup"
PRIVATE_UV = ROOT / ".uv"
LOG = PRIVATE_UV / "setup.log"
OLDEST_UV = (0, 5, 0)  # the first to read our lock file; as `required-version` in pyproject.toml
DISK_NEEDED = 2.5e9
UV_HOME = "https://docs.astral.sh/uv/"

PROGRESS = r"Downloading|Building|Prepared|Installed|Bytecode"
OUTDATED = r"lockfile .*needs to be updated"

# The first pattern found in uv's or pip's output decides what we say.
REASONS = [
    (
        r"No space left|os error 28|Errno 28",
        "The disk is full: free about 2.5 GB, then run make again.",
    ),
    (
        OUTDATED,
        "uv.lock does not match pyproject.toml: run `uv lock` (`.uv/bin/uv lock` if there is no "
        "other uv), then run make again.",
    ),
    (
        r"(?i)certificate",
        "The package index's certificate is not trusted here: set SSL_CERT_FILE to your "
        "organisation's certificates, then run make again.",
    ),
    (
        r"(?i)dns error|failed to fetch|failed to download|request failed|connection|timed out"
        r"|could not find a version",
        "The package index could not be reached: check the internet connection and the proxy "
        "settings (HTTPS_PROXY), then run make again.",
    ),
]


class SetupError(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


def main():
    fingerprint = inputs_hash()
    if STAMP.is_file() and STAMP.read_text() == fingerprint and (VENV / "bin/npq").exists():
        return
    check_disk()
    PRIVATE_UV.mkdir(exist_ok=True)
    LOG.write_text("")
    say("1/3 Finding uv ...")
    uv = find_uv() or install_uv()
    say("2/3 Finding Python 3.10 ...")
    python = find_python(uv)
    say("3/3 Installing packages into .venv (the first time: about 1.2 GB, a few minutes) ...")
    if STAMP.exists():
        STAMP.unlink()  # an interrupted install must not look finished
    install(uv, python)
    STAMP.write_text(fingerprint)
    say("    done")


def inputs_hash():
    """Changes when an input of the installation does, or when the project was moved."""
    digest = hashlib.sha256(str(ROOT).encode())
    files = [ROOT / name for name in ("pyproject.toml", "uv.lock", ".python-version")]
    files += sorted((ROOT / "bot/runtime/no_tensorflow").rglob("*.*"))
    for path in files + [Path(__file__)]:
        if path.suffix != ".pyc" and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def check_disk():
    free = shutil.disk_usage(str(ROOT)).free
    if not VENV.exists() and free < DISK_NEEDED:
        raise SetupError(
            "Only {:.1f} GB are free on this disk: free about 2.5 GB, then run make again.".format(free / 1e9)
        )


def find_uv():
    """A uv that runs (a pyenv shim may not) and is new enough, or None."""
    for candidate in (shutil.which("uv"), str(PRIVATE_UV / "bin/uv")):
        if not candidate:
            continue
        code, output = run([candidate, "--version"])
        version = re.search(r"(\d+)\.(\d+)\.(\d+)", output)
        if code == 0 and version and tuple(map(int, version.groups())) >= OLDEST_UV:
            return candidate
    return None


def install_uv():
    """Into .uv: as a virtual environment, or as a plain folder where Python has no venv."""
    say("    not found, installing it into .uv")
    options = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "30"]
    code, _ = run([sys.executable, "-m", "venv", str(PRIVATE_UV)])
    if code == 0:
        pip = [str(PRIVATE_UV / "bin/python"), "-m", "pip", "install"]
    else:
        pip = [sys.executable, "-m", "pip", "install", "--upgrade", "--target", str(PRIVATE_UV)]
    code, output = run(pip + options + ["uv"])
    if "No module named pip" in output:
        raise SetupError(
            "This Python has neither venv nor pip: install them (on Debian and Ubuntu: "
            "apt-get install python3-venv) or install uv from " + UV_HOME + ", then run make again."
        )
    uv = find_uv() if code == 0 else None
    if uv is None:
        raise SetupError(reason(output, "uv could not be installed: install it from " + UV_HOME))
    return uv


def find_python(uv):
    """What to tell uv to use: one it finds itself, pyenv's, or one that it downloads now."""
    if run([uv, "python", "find", "--system", "3.10"])[0] == 0:
        return "3.10"
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    installed = sorted(glob.glob(pyenv + "/versions/3.10.*/bin/python"))
    if installed:
        return installed[-1]
    say("    not found, downloading it")
    code, output = run([uv, "python", "install", "3.10"])
    if code != 0:
        if re.search(REASONS[0][0], output):
            raise SetupError(REASONS[0][1])
        raise SetupError(
            "Python 3.10 was not found and could not be downloaded: install Python 3.10 "
            "(for example `pyenv install 3.10`), then run make again."
        )
    return "3.10"


def install(uv, python):
    command = [uv, "sync", "--locked", "--python", python]
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        # Python will not keep compiled files here, so every start would pay 5 s for them.
        command.append("--compile-bytecode")
    code, output = run(command, show=PROGRESS)
    if code != 0 and re.search(OUTDATED, output) and lock_is_current(uv):
        code, output = install_through_mirror(uv, python)
    if code != 0:
        raise SetupError(reason(output, "uv could not install the packages"))


def lock_is_current(uv):
    """Whether uv only complains because this machine is set to use another package index."""
    indexes = [name for name in os.environ if re.match(r"UV_(DEFAULT_|EXTRA_)?INDEX", name)]
    return run([uv, "lock", "--check", "--no-config"], without=indexes)[0] == 0


def install_through_mirror(uv, python):
    """The locked versions and hashes, from the package index this machine is set to use."""
    say("    through this machine's own package index")
    wanted = str(PRIVATE_UV / "requirements.txt")
    steps = (
        [uv, "export", "--quiet", "--frozen", "--output-file", wanted],
        [uv, "venv", "--quiet", "--allow-existing", "--python", python, str(VENV)],
        [uv, "pip", "sync", "--python", str(VENV / "bin/python"), wanted],
    )
    for step in steps:
        code, output = run(step, show=PROGRESS)
        if code != 0:
            break
    return code, output


def reason(output, otherwise):
    for pattern, sentence in REASONS:
        if re.search(pattern, output):
            return sentence
    return "{}: what it said is in {}.".format(otherwise, LOG.relative_to(ROOT))


def run(command, without=(), show=None):
    """Exit code and output of a command. Lines starting with `show` are shown as they come."""
    # The three named here would send the packages elsewhere.
    without = {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", *without}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    environment.update(PYTHONWARNINGS="ignore", LC_ALL="C.UTF-8")
    output = []
    try:
        process = subprocess.Popen(
            command,
            cwd=str(ROOT),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
        )
    except OSError as error:
        return 127, str(error)
    for line in process.stdout:
        output.append(line)
        if show and re.match(show, line.strip()):
            say("    " + line.strip())
    if PRIVATE_UV.is_dir():
        with LOG.open("a") as log:
            log.write("$ {}\n{}".format(" ".join(command), "".join(output)))
    return process.wait(), "".join(output)


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit("Setup failed. {}".format(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit("Setup failed. {}: make it possible, then run make again.".format(error))

"""The files of deploy/ and docs/runbooks: that they hold what an operator relies on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import build
from bot.channels.guide import Guide
from bot.serving import DRAIN_SECONDS, QUIET_SECONDS
from bot.workers.supervisor import STOP_SECONDS
from tests.conftest import PROJECT

DEPLOY = PROJECT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yml"))
RUNBOOKS = ("turn-it-off", "rotate-secrets", "restore-a-backup", "slack-outage", "bad-model")


def manifests(kind: str) -> list[dict[str, Any]]:
    found = [item for path in KUBERNETES for item in yaml.safe_load_all(path.read_text(encoding="utf-8"))]
    return [item for item in found if item["kind"] == kind]


def container() -> dict[str, Any]:
    (deployment,) = manifests("Deployment")
    (found,) = deployment["spec"]["template"]["spec"]["containers"]
    return dict(found)


@pytest.mark.skipif(sys.platform != "linux", reason="hadolint is installed on Linux only")
def test_hadolint_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([str(linter), str(DEPLOY / "Dockerfile")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_kubernetes_takes_every_manifest(tmp_path: Path) -> None:
    def checked(*paths: Path) -> subprocess.CompletedProcess[str]:
        checker = [str(Path(sys.executable).with_name("kubernetes-validate")), "--strict", "-k", "1.28"]
        return subprocess.run([*checker, *map(str, paths)], capture_output=True, text=True)

    done = checked(*KUBERNETES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count(" passed ") >= len(KUBERNETES)
    wrong = tmp_path / "deployment.yml"
    text = (DEPLOY / "kubernetes" / "deployment.yml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("automountServiceAccountToken", "automountServiceToken"), encoding="utf-8")
    assert checked(wrong).returncode == 1


def test_the_image_copies_what_is_there_and_lets_all_of_it_in() -> None:
    allowed = [line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M):
        for name in line.split()[:-1]:
            assert (PROJECT / name).exists(), name
            assert name.split("/")[0] in allowed, f"{name} is kept out by .dockerignore"


def test_what_the_model_is_made_from_is_in_the_image() -> None:
    from bot.training import _inputs

    copied = [name for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M) for name in line.split()[:-1]]
    for path in _inputs():
        name = str(path.relative_to(PROJECT))
        assert any(name == item or name.startswith(f"{item}/") for item in copied), name


def test_the_image_runs_as_nobody_in_particular_and_without_tensorflow() -> None:
    last = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert "NPQ_ENV=production" in last
    assert "uv sync --locked --no-dev" in DOCKERFILE
    locked = (PROJECT / "uv.lock").read_text(encoding="utf-8")
    assert not re.search(r'^name = "(tensorflow-cpu|keras|jax)"', locked, re.M)
    assert re.search(r'name = "tensorflow"\nversion = .*\nsource = \{ directory', locked)


def test_the_uv_of_the_image_reads_the_lock_file() -> None:
    assert re.search(r"uv==\d+\.\d+\.\d+", DOCKERFILE)


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8")))


def test_compose_gives_nobody_more_than_needed() -> None:
    services = compose()["services"]
    guide = services["guide"]
    assert guide["read_only"] is True
    assert guide["cap_drop"] == ["ALL"]
    assert guide["ports"] == ["127.0.0.1:5005:5005"]
    assert {"postgres", "redis"} == set(guide["depends_on"])
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert name == "guide" or "ports" not in service, f"{name} must not be reachable from outside"
    assert (DEPLOY / guide["build"]["context"] / guide["build"]["dockerfile"]).exists()


def test_no_secret_is_in_the_files() -> None:
    for path in [*KUBERNETES, DEPLOY / "compose.yml", DEPLOY / "Dockerfile"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(PASSWORD|DATA_KEY|TOKEN|SECRET)['\"]?\s*[:=]\s*['\"]?\w{8,}", text), path.name
    ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/secrets.env"], cwd=PROJECT)
    assert ignored.returncode == 0


def test_every_manifest_is_of_a_known_form_and_selects_the_guide() -> None:
    kinds = {
        "Deployment": "apps/v1",
        "HorizontalPodAutoscaler": "autoscaling/v2",
        "NetworkPolicy": "networking.k8s.io/v1",
        "PersistentVolumeClaim": "v1",
        "PodDisruptionBudget": "policy/v1",
        "Service": "v1",
    }
    found = {item["kind"]: item for path in KUBERNETES for item in yaml.safe_load_all(path.read_text())}
    assert {kind: item["apiVersion"] for kind, item in found.items()} == kinds
    pod = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == pod
    assert found["Service"]["spec"]["selector"] == pod
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == pod
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == pod
    assert found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == found["Deployment"]["metadata"]["name"]


def test_several_answer_and_one_is_replaced_before_it_ends() -> None:
    (deployment,) = manifests("Deployment")
    (scaler,) = manifests("HorizontalPodAutoscaler")
    assert 2 <= deployment["spec"]["replicas"] == scaler["spec"]["minReplicas"] < scaler["spec"]["maxReplicas"]
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    first = int(container()["lifecycle"]["preStop"]["exec"]["command"][1])
    grace = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert grace > first + DRAIN_SECONDS + QUIET_SECONDS
    (claim,) = manifests("PersistentVolumeClaim")
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


def test_compose_has_what_several_processes_share() -> None:
    guide = compose()["services"]["guide"]
    assert guide["environment"]["NPQ_WORKERS"] == "${NPQ_WORKERS:-2}"
    assert guide["environment"]["NPQ_REDIS_URL"].startswith("redis://redis:")
    assert int(guide["stop_grace_period"].rstrip("s")) > STOP_SECONDS


def test_the_pod_may_do_as_little_as_possible() -> None:
    (deployment,) = manifests("Deployment")
    pod = deployment["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container()["resources"]["limits"]["memory"]
    assert {mount["mountPath"] for mount in container()["volumeMounts"]} == {"/data", "/tmp"}


@pytest.mark.slow
def test_probes_ask_paths_that_are_served(guide: Guide) -> None:
    served = {f"/{route.path}" for route in build(guide, name="npq-guide-probes").router.routes}
    probes = [container()[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert set(probes) <= served
    assert re.search(r"127\.0\.0\.1:5005(/[a-z/]+)", DOCKERFILE)[1] in served  # type: ignore[index]


def test_the_network_policy_lets_only_the_one_port_in() -> None:
    (policy,) = manifests("NetworkPolicy")
    ports = [port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]]
    assert ports == [container()["ports"][0]["containerPort"]]
    assert all(rule["from"] for rule in policy["spec"]["ingress"])
    assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_says_when_what_and_how_to_see_that_it_worked(name: str) -> None:
    text = (PROJECT / "docs" / "runbooks" / f"{name}.md").read_text(encoding="utf-8")
    for part in ("## When", "## Do", "## Check"):
        assert part in text, f"{name}.md has no `{part}`"
    for command in re.findall(r"`npq ([a-z]+)", text):
        assert (PROJECT / "bot" / "commands" / f"{command}.py").exists(), command
    settings = set(re.findall(r"\bNPQ_[A-Z_]+", text))
    documented = "".join(path.read_text(encoding="utf-8") for path in [PROJECT / "README.md", *_docs()])
    assert [item for item in settings if item not in documented] == []


def _docs() -> list[Path]:
    return sorted((PROJECT / "docs").glob("*.md"))


def judged(report: dict[str, Any], *entries: dict[str, Any], tmp_path: Path) -> tuple[int, str]:
    sys.path.insert(0, str(PROJECT / "scripts"))
    try:
        import audit
    finally:
        sys.path.pop(0)
    path = tmp_path / "audit.yml"
    path.write_text(json.dumps(list(entries)))
    from datetime import date

    status, said = audit.judge(report, audit.Exceptions.read(path), date(2026, 11, 22))
    return status, "\n".join(said)


WEAK = {
    "dependencies": [
        {
            "name": "aiohttp",
            "version": "3.9.5",
            "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["9"]}],
        }
    ]
}
ENTRY = {"package": "aiohttp", "id": "CVE-1", "reason": "not used", "found": "2026-11-22"}


def test_the_audit_names_a_finding_without_an_exception(tmp_path: Path) -> None:
    status, said = judged(WEAK, tmp_path=tmp_path)
    assert status == 1
    assert "aiohttp 3.9.5: PYSEC-1, CVE-1. Mended in 9." in said


def test_an_exception_holds_until_its_day(tmp_path: Path) -> None:
    path = tmp_path / "audit.yml"
    shutil.copy(PROJECT / "audit.yml", path)
    for until, status in (("2026-11-22", 0), ("2026-11-21", 1)):
        (tmp_path / "case").mkdir(exist_ok=True)
        text = "- " + json.dumps(ENTRY)[:-1] + f', "until": {until}}}\n'
        assert _judge_text(text, tmp_path / "case") == status


def _judge_text(text: str, folder: Path) -> int:
    sys.path.insert(0, str(PROJECT / "scripts"))
    try:
        import audit
    finally:
        sys.path.pop(0)
    from datetime import date

    path = folder / "audit.yml"
    path.write_text(text)
    status, _said = audit.judge(WEAK, audit.Exceptions.read(path), date(2026, 11, 22))
    return int(status)


def test_what_could_not_be_looked_up_is_never_taken_for_good(tmp_path: Path) -> None:
    skipped = {"dependencies": [{"name": "aiohttp", "skip_reason": "Dependency not found on PyPI"}]}
    assert judged(skipped, tmp_path=tmp_path)[0] == 2
    assert judged({"dependencies": []}, tmp_path=tmp_path)[0] == 2


def test_an_exception_without_a_reason_or_a_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="until is missing"):
        judged(WEAK, ENTRY, tmp_path=tmp_path)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges docker/: check_containers.py COMPOSE_WHEEL KUBERNETES_WHEEL, the packages that published schemas are read from."""
import functools
import json
import pathlib
import re
import subprocess
import sys
import warnings
import zipfile

import jsonschema
import yaml

import image_steps
import kustomization

warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver: what follows it is not in Debian 12

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
KUBERNETES = DOCKER / "kubernetes"
FOLDERS = ["base", "overlays/monitoring", "overlays/keda", "overlays/mesh"]
RELEASES = ["1.29.0", "1.37.0"]  # the oldest and the newest Kubernetes that the manifests are judged for
CUSTOM = {"ServiceMonitor", "ScaledObject", "PeerAuthentication", "AuthorizationPolicy"}
ABSENT = {"secrets/millrace.env": {"MILLRACE_TOKEN": "x" * 43, "PGPASSWORD": "x"}}  # docker/setup.sh creates it

# What millraced reads, and what libpq reads in it.
SETTINGS = re.findall(r'Setting{"([a-z_]+)"', (ROOT / "app/daemon/setting_values.cpp").read_text(encoding="utf-8"))
KNOWN = {"MILLRACE_" + name.upper() for name in [*SETTINGS, "token", "config", "redis_password"]} | {"PGPASSWORD", "PGPASSFILE"}
PORTS = {"gateway": "8080", "producer": "8081", "consumer": "8082"}


CHECKS = []


def judged(check):
    """Its name is the sentence that holds; it asserts, and is given the two wheels."""
    CHECKS.append(check)
    return check


def version():
    return re.search(r"project\(Millrace VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)


@functools.lru_cache(maxsize=None)
def read_json(wheel, name):
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(archive.read(name))


def complaints(schema, value, resolver=None):
    validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
    errors = validator(schema, resolver=resolver) if resolver else validator(schema)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors.iter_errors(value)]


def expect_none(found):
    assert not found, "; ".join(found)


# --- compose.yaml -----------------------------------------------------------------------------------------------------

COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def is_one_shot(service):
    return service["restart"] != "unless-stopped"


@judged
def compose_follows_the_published_schema(wheels):
    schema = read_json(wheels[0], "check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    expect_none(complaints(schema, COMPOSE))
    assert complaints(schema, {"services": {"x": {"read_onli": True}}}), "the schema accepts anything"


@judged
def every_service_is_locked_up(_):
    for name, service in SERVICES.items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"cpus", "memory", "pids"} <= set(service["deploy"]["resources"]["limits"]), name
        assert "privileged" not in service and "latest" not in service["image"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if name != "secrets":  # it gives the files to their owners
            assert "cap_add" not in service and service.get("user", "10001") != "0:0", name


@judged
def services_start_in_the_order_of_their_health(_):
    for name, service in SERVICES.items():
        assert service["healthcheck"].get("disable") is True if is_one_shot(service) else "test" in service["healthcheck"], name
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if is_one_shot(SERVICES[other]) else "service_healthy"
            assert how["condition"] == wanted, f"{name} on {other}"
    before = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}

    def all_before(name):
        return before[name].union(*(all_before(other) for other in before[name]))
    assert {"secrets", "kafka", "postgres", "redis", "init", "consumer", "producer"} <= all_before("gateway")
    assert "gateway" in all_before("grafana")


@judged
def what_is_mounted_exists(_):
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if not source.startswith("."):
                assert source in COMPOSE["volumes"], f"{name}: {source}"
                continue
            assert mount.endswith(":ro"), f"{name}: {mount}"
            if "resources/dashboards" not in source or (ROOT / "resources/dashboards").exists():
                assert (DOCKER / source).exists(), f"{name}: {source} does not exist"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "/docker/secrets/" in ignored and "/docker/kubernetes/base/secrets/" in ignored


@judged
def every_name_in_its_environment_is_known(_):
    for name, service in SERVICES.items():
        names = set(service.get("environment", {}))
        if service["image"].startswith("millraced:"):
            assert names <= KNOWN, f"{name}: {names - KNOWN}"
        assert not [key for key in names if re.search("PASSWORD|TOKEN", key) and not key.endswith("FILE")], f"{name} has a secret"


@judged
def the_roles_find_each_other(_):
    for role, port in PORTS.items():
        environment = SERVICES[role]["environment"]
        assert environment["MILLRACE_ROLE"] == role and environment["MILLRACE_LISTEN"] == "0.0.0.0:" + port
        assert {role, "localhost", "127.0.0.1"} == set(environment["MILLRACE_HOSTS"].split(","))
        assert SERVICES[role]["ports"] == [f"127.0.0.1:{port}:{port}"]
        assert SERVICES[role]["healthcheck"]["test"] == ["CMD", "millraced", "health"]
    gateway = SERVICES["gateway"]["environment"]
    assert gateway["MILLRACE_PRODUCERS"] == "dns:producer:8081" and gateway["MILLRACE_CONSUMERS"] == "dns:consumer:8082"
    for key, port in (("MILLRACE_BROKER", "9092"), ("MILLRACE_STORE", "5432/millrace"), ("MILLRACE_DEDUPE", "6379")):
        host, found = re.search(r"([a-z]+):([0-9]+.*)$", gateway[key]).groups()
        assert host in SERVICES and found == port, gateway[key]


@judged
def versions_are_those_of_the_project_and_its_tests(_):
    kafka = re.search("<kafka.version>(.*)</kafka.version>", (ROOT / "tests/stack/pom.xml").read_text(encoding="utf-8")).group(1)
    assert SERVICES["kafka"]["image"] == "apache/kafka:" + kafka
    ours = [service["image"] for service in SERVICES.values() if service["image"].startswith("millraced")]
    assert set(ours) == {"millraced:" + version()} and len(ours) == 5
    tags = yaml.safe_load((KUBERNETES / "base/kustomization.yaml").read_text(encoding="utf-8"))["images"]
    assert tags == [{"name": "millraced", "newTag": version()}]


@judged
def prometheus_and_grafana_find_what_they_show(_):
    plan = yaml.safe_load((DOCKER / "prometheus.yaml").read_text(encoding="utf-8"))
    mounts = dict(mount.split(":")[1::-1] for mount in SERVICES["prometheus"]["volumes"])
    for file in plan["rule_files"]:
        assert f"/etc/prometheus/{file}" in mounts, file
    job = plan["scrape_configs"][0]
    assert job["metrics_path"] == "/actuator/prometheus"
    assert job["authorization"]["credentials_file"] == "/run/millrace/prometheus-token"
    assert sorted(target for entry in job["static_configs"] for target in entry["targets"]) == sorted(f"{r}:{p}" for r, p in PORTS.items())
    provisioning = ROOT / "resources/dashboards/provisioning"
    mounted = [mount.split(":")[1] for mount in SERVICES["grafana"]["volumes"]]
    for provider in yaml.safe_load((provisioning / "dashboards/millrace.yaml").read_text(encoding="utf-8"))["providers"]:
        assert provider["options"]["path"] in mounted, provider["options"]["path"]
    source = yaml.safe_load((provisioning / "datasources/millrace.yaml").read_text(encoding="utf-8"))
    source["datasources"][0]["url"] = "http://prometheus:9090"
    assert source == yaml.safe_load((DOCKER / "grafana_datasource.yaml").read_text(encoding="utf-8"))


# --- Kubernetes -------------------------------------------------------------------------------------------------------

def built(folder):
    return kustomization.build(KUBERNETES / folder, ABSENT)


def of_kind(resources, kind):
    return {resource["metadata"]["name"]: resource for resource in resources if resource["kind"] == kind}


@judged
def every_file_that_a_kustomization_names_exists(_):
    named = set()
    for folder in FOLDERS:
        named |= {path.resolve() for path in kustomization.files(KUBERNETES / folder)}
    missing = {str(path.relative_to(KUBERNETES)) for path in named if not path.exists()}
    assert missing <= {"base/secrets/millrace.env"}, missing
    forgotten = {path.resolve() for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml"} - named
    assert not forgotten, f"no kustomization names {forgotten}"


def schema_errors(wheel, release, resource):
    """What kubernetes-validate would say, whose newer demands Debian 12 cannot meet."""
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", resource["apiVersion"])
    folder = f"kubernetes_validate/kubernetes-json-schema/v{release}-local-strict"
    schema = read_json(wheel, f"{folder}/{resource['kind'].lower()}-{group}.json")
    definitions = read_json(wheel, f"{folder}/_definitions.json")
    store = {"https://kubernetes.io/api/_definitions.json": definitions}
    return complaints(schema, resource, jsonschema.RefResolver.from_schema(schema, store=store))


@judged
def manifests_follow_the_published_schemas(wheels):
    different = {json.dumps(resource, sort_keys=True): resource for folder in FOLDERS for resource in built(folder)}
    for resource in different.values():
        for release in RELEASES if resource["kind"] not in CUSTOM else []:
            expect_none([f"{release}, {kustomization.identity(resource)}, {error}" for error in schema_errors(wheels[1], release, resource)])
    wrong = of_kind(built("base"), "Deployment")["millrace-gateway"]
    wrong["spec"]["template"]["spec"]["containers"][0]["imagee"] = "x"
    assert schema_errors(wheels[1], RELEASES[0], wrong), "the schema accepts anything"


@judged
def custom_resources_have_their_form(_):
    everything = {kustomization.identity(resource): resource for folder in FOLDERS for resource in built(folder)}
    assert {kind for kind, _ in everything} >= CUSTOM
    monitor = everything["ServiceMonitor", "millrace"]
    assert monitor["apiVersion"] == "monitoring.coreos.com/v1"
    endpoint = monitor["spec"]["endpoints"][0]
    assert endpoint["path"] == "/actuator/prometheus" and endpoint["authorization"]["credentials"] == {"name": "millrace", "key": "MILLRACE_TOKEN"}
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    assert len([1 for (kind, _), item in everything.items() if kind == "Service" and wanted <= item["metadata"]["labels"].items()]) == 3
    scaled = everything["ScaledObject", "millrace-consumer"]
    assert scaled["apiVersion"] == "keda.sh/v1alpha1" and scaled["spec"]["scaleTargetRef"] == {"name": "millrace-consumer"}
    for trigger in scaled["spec"]["triggers"]:
        assert trigger["type"] == "kafka" and all(isinstance(value, str) for value in trigger["metadata"].values())
        assert trigger["metadata"]["bootstrapServersFromEnv"] == "MILLRACE_BROKER"
    assert everything["PeerAuthentication", "millrace"]["spec"] == {"mtls": {"mode": "STRICT"}}
    assert not of_kind(built("overlays/keda"), "HorizontalPodAutoscaler"), "two autoscalers for one Deployment"


def pods(resources):
    return {name: resource["spec"]["template"] for kind in ("Deployment", "Job") for name, resource in of_kind(resources, kind).items()}


@judged
def every_pod_is_locked_up(_):
    for name, pod in pods(built("base")).items():
        context = pod["spec"]["securityContext"]
        assert context["runAsNonRoot"] and context["runAsUser"] == 10001 and context["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["spec"]["automountServiceAccountToken"] is False and pod["spec"]["enableServiceLinks"] is False, name
        for container in pod["spec"].get("initContainers", []) + pod["spec"]["containers"]:
            assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                                    "capabilities": {"drop": ["ALL"]}}, name
            assert all({"cpu", "memory"} <= set(container["resources"][part]) for part in ("requests", "limits")), name
            assert container["image"] == "millraced:" + version(), container["image"]
        for container in pod["spec"]["containers"]:
            assert container["livenessProbe"]["httpGet"] == {"path": "/actuator/health/liveness", "port": "http"}, name
            assert container["readinessProbe"]["httpGet"] == {"path": "/actuator/health/readiness", "port": "http"}, name


@judged
def every_name_in_a_pod_is_known(_):
    resources = built("base")
    shared = of_kind(resources, "ConfigMap")["millrace"]["data"]
    assert set(shared) <= KNOWN, set(shared) - KNOWN
    secret = of_kind(resources, "Secret")["millrace"]["stringData"]
    for name, pod in pods(resources).items():
        for container in pod["spec"].get("initContainers", []) + pod["spec"]["containers"]:
            seen = set()
            for entry in container["env"]:
                used = set(re.findall(r"\$\(([A-Z_]+)\)", entry.get("value", "")))
                assert used <= seen, f"{name}: {entry['name']} uses {used - seen} before it is set"
                seen.add(entry["name"])
                reference = entry.get("valueFrom", {}).get("secretKeyRef")
                assert reference is None or (reference["name"] == "millrace" and reference["key"] in secret), f"{name}: {reference}"
            helpers = {used for entry in container["env"] for used in re.findall(r"\$\(([A-Z_]+)\)", entry.get("value", ""))}
            assert seen <= KNOWN | helpers, f"{name}: {seen - KNOWN - helpers}"


def settings_of(pod):
    return {entry["name"]: entry.get("value", "") for entry in pod["spec"]["containers"][0]["env"]}


@judged
def services_lead_to_their_pods(_):
    resources = built("base")
    services = of_kind(resources, "Service")
    for name, pod in pods(resources).items():
        role = name.split("-")[1]
        settings = settings_of(pod)
        assert settings["MILLRACE_ROLE"] == role and settings["MILLRACE_LISTEN"] == "0.0.0.0:" + PORTS[role]
        assert pod["spec"]["containers"][0]["ports"] == [{"name": "http", "containerPort": int(PORTS[role])}]
        leading = [service for service in services.values() if service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()]
        assert len(leading) == 1 and leading[0]["spec"]["ports"][0]["port"] == int(PORTS[role]), name
        # Probes and Prometheus come with the pod's address, the gateway with its name or address.
        assert {leading[0]["metadata"]["name"], "$(POD_IP)"} <= set(settings["MILLRACE_HOSTS"].split(",")), name
        claims = [volume["persistentVolumeClaim"]["claimName"] for volume in pod["spec"]["volumes"] if "persistentVolumeClaim" in volume]
        assert set(claims) <= set(of_kind(resources, "PersistentVolumeClaim")), name
    gateway = settings_of(pods(resources)["millrace-gateway"])
    for key in ("MILLRACE_PRODUCERS", "MILLRACE_CONSUMERS"):
        _, name, port = gateway[key].split(":")
        assert services[name]["spec"]["clusterIP"] == "None" and services[name]["spec"]["ports"][0]["port"] == int(port), key


@judged
def a_producer_takes_the_share_of_its_index(_):
    job = of_kind(built("base"), "Job")["millrace-producer"]["spec"]
    assert job["completionMode"] == "Indexed" and job["completions"] == job["parallelism"]
    entries = {entry["name"]: entry for entry in job["template"]["spec"]["containers"][0]["env"]}
    assert entries["JOB_COMPLETION_INDEX"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.annotations['batch.kubernetes.io/job-completion-index']"
    assert entries["MILLRACE_SHARE"]["value"] == f"$(JOB_COMPLETION_INDEX)/{job['completions']}"


@judged
def budgets_and_autoscalers_name_what_exists(_):
    resources = built("base")
    scaler = of_kind(resources, "HorizontalPodAutoscaler")["millrace-consumer"]["spec"]
    deployment = of_kind(resources, "Deployment")[scaler["scaleTargetRef"]["name"]]
    assert "replicas" not in deployment["spec"], "the autoscaler's replicas would be undone by each apply"
    for budget in of_kind(resources, "PodDisruptionBudget").values():
        wanted = budget["spec"]["selector"]["matchLabels"].items()
        assert [1 for pod in pods(resources).values() if wanted <= pod["metadata"]["labels"].items()], budget["metadata"]["name"]


# --- images -----------------------------------------------------------------------------------------------------------

DOCKERFILE = image_steps.stages(image_steps.DOCKERFILE.read_text(encoding="utf-8"))


@judged
def both_images_run_as_nobody_special(_):
    for name, program in (("millraced", "millraced"), ("millrace", "millrace")):
        base, steps = image_steps.chain(DOCKERFILE, name)
        assert re.fullmatch(r"debian:1[23]\.[0-9]+-slim", base), base
        assert [rest for word, rest in steps if word == "USER"] == ["10001:10001"], name
        assert image_steps.command(DOCKERFILE, name, "ENTRYPOINT") == [program]
        assert steps[-1][0] == "CMD" and [rest for word, rest in steps if word == "HEALTHCHECK"][-1].endswith('CMD ["millraced", "health"]')
    slim = " ".join(rest for _, rest in image_steps.chain(DOCKERFILE, "millraced")[1])
    assert "qt6" not in slim and "build-window" not in slim, "the slim image has Qt"
    assert list(DOCKERFILE)[-1] == "millraced"


@judged
def the_build_takes_its_packages_from_the_list(_):
    steps = image_steps.chain(DOCKERFILE, "build")[1]
    runs = [rest for word, rest in steps if word == "RUN"]
    assert any("installers/packages.sh" in run and '"${build_packages[@]}"' in run for run in runs)
    assert not any("apt-get" in run for run in runs), "a package beside the list"


@judged
def what_is_copied_is_let_into_the_build(_):
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    assert "*" in lines and all((ROOT / name).exists() for name in allowed)
    tops = re.findall(r"^add_subdirectory\((\w+)\)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(tops) <= set(allowed), f"not in the build: {set(tops) - set(allowed)}"
    for _, steps in DOCKERFILE.values():
        for word, rest in steps:
            if word == "COPY" and "--from=" not in rest and not rest.startswith(". "):
                assert any(rest.split()[0].startswith(name) for name in allowed), rest


@judged
def steps_become_a_script(_):
    for name in DOCKERFILE:
        text = "\n".join(image_steps.script(DOCKERFILE, name, "/context", {"build": "/build", "build-window": "/window"}))
        done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"


@judged
def a_programs_packages_are_found(_):
    done = subprocess.run([DOCKER / "runtime_packages.sh", "/bin/bash"], text=True, capture_output=True, check=False)
    assert done.returncode == 0 and "libc6" in done.stdout.split(), done.stdout + done.stderr
    done = subprocess.run([DOCKER / "runtime_packages.sh"], text=True, capture_output=True, check=False)
    assert done.returncode == 2


@judged
def nothing_is_called_latest(_):
    for file in [*DOCKER.rglob("*"), ROOT / ".dockerignore"]:
        if file.is_file() and "secrets" not in file.parts:
            text = file.read_text(encoding="utf-8")
            assert ":latest" not in text, file
            for image in re.findall(r"^\s*image: (\S+)", text, re.MULTILINE) if file.suffix == ".yaml" else []:
                assert ":" in image or image == "millraced", f"{file.name}: {image} has no tag"


def main(wheels):
    failed = 0
    for check in CHECKS:
        sentence = check.__name__.replace("_", " ")
        try:
            check(wheels)
            print("ok:", sentence)
        except (AssertionError, KeyError, OSError) as error:
            failed += 1
            print("FAIL:", sentence, "-", repr(error))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

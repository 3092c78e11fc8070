# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a kustomization as kubectl kustomize does, as far as ours go: resources, namespace, labels, generated ConfigMaps and
Secrets (without the suffix of their names), images, strategic merge patches of mappings, and patches that delete."""
import pathlib

import yaml

KNOWN = {"apiVersion", "kind", "namespace", "labels", "resources", "configMapGenerator", "secretGenerator", "images", "patches",
         "configurations"}


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def identity(resource):
    return resource["kind"], resource["metadata"]["name"]


def settings(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def generated(folder, kind, entry, absent):
    """A ConfigMap or Secret; absent holds what stands in for files that are not in git."""
    values = {}
    for name in entry["envs"]:
        path = folder / name
        values.update(settings(path) if path.exists() else absent[name])
    field = "data" if kind == "ConfigMap" else "stringData"
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": entry["name"]}, field: values}


def merge(into, patch):
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            assert not isinstance(value, list), f"lists are not merged here: {key}"
            into[key] = value


def containers(resource):
    pod = resource.get("spec", {}).get("template", {}).get("spec", {}) if resource["kind"] in ("Deployment", "Job") else {}
    return pod.get("initContainers", []) + pod.get("containers", [])


def files(folder):
    """Every file or folder that a kustomization names, and those that they name."""
    folder = pathlib.Path(folder)
    plan = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    named = [folder / name for name in plan.get("resources", []) + plan.get("configurations", [])]
    named += [folder / patch["path"] for patch in plan.get("patches", [])]
    for entry in plan.get("configMapGenerator", []) + plan.get("secretGenerator", []):
        named += [folder / name for name in entry["envs"]]
    for path in list(named):
        if path.is_dir():
            named += files(path)
    return named


def build(folder, absent):
    folder = pathlib.Path(folder)
    plan = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    assert set(plan) <= KNOWN, f"not known here: {set(plan) - KNOWN}"
    resources = []
    for name in plan["resources"]:
        path = folder / name
        resources += build(path, absent) if path.is_dir() else documents(path)
    resources += [generated(folder, "ConfigMap", entry, absent) for entry in plan.get("configMapGenerator", [])]
    resources += [generated(folder, "Secret", entry, absent) for entry in plan.get("secretGenerator", [])]
    for patch in [document for entry in plan.get("patches", []) for document in documents(folder / entry["path"])]:
        targets = [resource for resource in resources if identity(resource) == identity(patch)]
        assert len(targets) == 1, f"a patch of {identity(patch)} meets {len(targets)} resources"
        if patch.pop("$patch", "") == "delete":
            resources.remove(targets[0])
        else:
            merge(targets[0], patch)
    for resource in resources:
        if resource["kind"] != "Namespace" and "namespace" in plan:
            resource["metadata"]["namespace"] = plan["namespace"]
        for labels in plan.get("labels", []):
            resource["metadata"].setdefault("labels", {}).update(labels["pairs"])
        for container in containers(resource):
            for image in plan.get("images", []):
                if container["image"] == image["name"]:
                    container["image"] += ":" + image["newTag"]
    names = [identity(resource) for resource in resources]
    assert len(names) == len(set(names)), f"the same resource twice: {names}"
    return resources

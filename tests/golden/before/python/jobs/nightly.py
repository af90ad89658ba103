#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Nightly jobs – each in its container. image="not:this" """

from __future__ import annotations

import os

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator as Pod
from kfp import dsl
from testcontainers.postgres import PostgresContainer

REGISTRY = "registry.example.com"
IMAGE = ( # é 😀
    'registry.example.com/data/'   # the registry
    "loader:2.4"  )
DB_IMAGE   =    r"postgres:16"   # type: str
BASE_IMAGE = os.environ.get("BASE_IMAGE", 'python:3.12-slim')
LOGO_IMAGE = "logo:1"


@dsl.component(base_image="python:3.11", packages_to_install=["pandas"])
def total(a: int) -> int:
	return a # image="no:1"


class Loader:
    image: str = """ghcr.io/acme/loader:v1"""

    def __init__(self, image="busybox",*, tag = None):
        self.pod = Pod(task_id="ü", image=IMAGE, cmds=["true"])
        self.other = Pod(task_id="x",image=image,cmds = ['true'])
        self.versioned = Pod(task_id="y", image=f"{REGISTRY}/loader:{tag}")


def test_db():
    assert Loader.title == "ghcr.io/acme/loader:v2"
    with PostgresContainer("postgres:15"), PostgresContainer(DB_IMAGE) as db: pass


POD = {"spec": {"containers": [{"name": "ß", "image": "nginx" }]}}
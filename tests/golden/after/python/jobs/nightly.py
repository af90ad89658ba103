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
    "loader:2.4@sha256:e3b87435f31d0e7d55806839c03ee397edd41d32ca8efee62d94288630452c61"  )
DB_IMAGE   =    r"postgres:16@sha256:87fb687776069f58fae791d3204c99d7d93fc59c5e9217241dc420719264a667"   # type: str
BASE_IMAGE = os.environ.get("BASE_IMAGE", 'python:3.12-slim@sha256:ea59dc550ffd7fa7cb400f9672cfa8ecb593f62c713ef73433a765b32dab4bac')
LOGO_IMAGE = "logo:1"


@dsl.component(base_image="python:3.11@sha256:2b98077386f24c126214452dcc5b0ca9a1592556c4c33b34fb0dc57591a2cb68", packages_to_install=["pandas"])
def total(a: int) -> int:
	return a # image="no:1"


class Loader:
    image: str = """ghcr.io/acme/loader:v1@sha256:63fdd474dca3790692015926abaeddc97b1913d336dbcabaf2d358d4dad8cc4c"""

    def __init__(self, image="busybox:latest@sha256:de68ccc327e508f44a3a150fc877a442581bb03dd53e24b418fbc425ece79d52",*, tag = None):
        self.pod = Pod(task_id="ü", image=IMAGE, cmds=["true"])
        self.other = Pod(task_id="x",image=image,cmds = ['true'])
        self.versioned = Pod(task_id="y", image=f"{REGISTRY}/loader:{tag}")


def test_db():
    assert Loader.title == "ghcr.io/acme/loader:v2"
    with PostgresContainer("postgres:15@sha256:f7e88721dd28add5f83ce1441fe3fbcd821e6768c98664774d5df4d2dc6d7b7f"), PostgresContainer(DB_IMAGE) as db: pass


POD = {"spec": {"containers": [{"name": "ß", "image": "nginx:latest@sha256:86cee2c10898a48ff47a0626f8202a2408b5893aff5df58ae10d83166e6d7b0e" }]}}
"""A file that is named outright and of no known format is passed over without a word."""

import pytest

from boltseal.engine import inspect
from boltseal.source import Source
from tests.tools import KNOWLEDGE

README = """# Tool

```console
$ docker run --rm -v $PWD:/src nginx:1.27
```

| image | tag |
| --- | --- |
| nginx | 1.27 |

- image: the picture above, for {{ name }} and `repository`

```yaml
services:
  web:
    image: nginx:1.27
```
"""
NOTES = """# Changelog

## 1.0
- image: fix `repository` and {{ tag }} handling
- job "web": uses docker
* target "x" {
"""
POST = """---
title: A post
image: /img/cover.png
tags: [docker]
---

Text about `image: nginx:1.27` and kind: Pod.
"""
SHELL = """#!/bin/bash
IMAGE=nginx:1.27
docker run "$IMAGE" sh -c 'echo hi'
cat <<EOF
image: nginx:1.27
EOF
[[ -n $image ]] && echo "{image: x}"
"""
GO = """package main

const image = "nginx:1.27" // image: nginx:1.27

var pod = `apiVersion: v1
kind: Pod
spec:
  containers:
  - image: nginx:1.27
`
"""
LOG = """2026-01-01T00:00:00Z INFO pulling image: nginx:1.27
{"level":"info","image":"nginx:1.27"}
"""
PYTHON_2 = """import docker
print 'image: %s' % image
image = 'nginx:1.27'
raise E, 'docker image'
"""
TEXTS = {
    "markdown": README,
    "changelog": NOTES,
    "front matter": POST,
    "css": ".image { background-image: url('a.png') } /* image: nginx:1.27 */\n",
    "shell": SHELL,
    "json": '{"name": "x", "image": "nginx:1.27", "docker": {"repository": "a/b"}}\n',
    "toml": '[docker]\nimage = "nginx:1.27"\nrepository = "a/b"\n',
    "go": GO,
    "log": LOG,
    "csv": 'name,image,tag\nweb,nginx,1.27\n"a, b",docker,"x"\n',
    "python 2": PYTHON_2,
    "javascript": "module.exports = { image: 'nginx:1.27', docker: `a` }\n",
    "rust": 'fn main() { let image = "nginx:1.27"; println!("docker {}", image); }\n',
    "list": "- image\n- docker\n- [unclosed\n",
    "makefile": "IMAGE ?= nginx:1.27\nimage: build\n\tdocker run $(IMAGE)\n",
    "diff": "-    image: nginx:1.26\n+    image: nginx:1.27\n",
    "picture": b'\x89PNG\r\n\x1a\nimage docker repository {{ job "',
    "latin-1": "image: café, docker repository\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", ["notes", "docs/a.unknown", "x.txt"])
@pytest.mark.parametrize("kind", TEXTS)
def test_a_named_file_of_no_known_format_is_passed_over(name: str, kind: str) -> None:
    text = TEXTS[kind]
    data = text.encode() if isinstance(text, str) else text
    found = inspect(KNOWLEDGE, Source(name, data), explicit=True)
    assert (found.uses, found.problems) == ((), ())


def test_a_script_without_an_ending_is_python_by_its_first_line() -> None:
    text = (
        b"#!/usr/bin/env python3\nimport docker\ndocker.from_env().containers.run('nginx:1.27')\n"
    )
    (use,) = inspect(KNOWLEDGE, Source("bin/run", text), explicit=True).uses
    assert use.text == "nginx:1.27"


def test_a_manifest_of_another_name_is_known_by_its_content() -> None:
    text = b"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: nginx:1.27\n"
    (use,) = inspect(KNOWLEDGE, Source("rendered", text), explicit=True).uses
    assert use.text == "nginx:1.27"

import json
import subprocess
import sys
from collections import Counter

import pytest
from bench.tree import DENSE, SPARSE

from bench import tree

FILES = 400


@pytest.fixture(scope="module")
def dense(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dense")
    return folder, tree.write(folder, FILES)


def test_the_same_seed_gives_the_same_tree():
    assert list(tree.files(FILES)) == list(tree.files(FILES))


def test_another_seed_gives_another_tree():
    assert list(tree.files(FILES)) != list(tree.files(FILES, seed=6))


def test_a_larger_tree_starts_as_a_smaller_one():
    assert list(tree.files(FILES))[:50] == list(tree.files(50))


def test_no_two_files_have_one_path():
    paths = [file.path for file in tree.files(5000)]
    assert len(set(paths)) == 5000


def test_the_mix_is_that_of_repositories_about_kubernetes():
    files = list(tree.files(5000))
    yaml = [file for file in files if file.path.endswith((".yaml", ".yml"))]
    definitions = [file for file in yaml if "kind: CustomResourceDefinition" in file.text]
    assert 0.35 < len(yaml) / len(files) < 0.45
    assert 0.2 < sum("{{" in file.text for file in yaml) / len(yaml) < 0.35
    assert 0.5 < _bytes(definitions) / _bytes(yaml) < 0.8
    assert 0.06 < sum(file.path.endswith(".py") for file in files) / len(files) < 0.12


def test_a_sparse_tree_has_few_images():
    dense, sparse = (sum(file.images for file in tree.files(2000, mix)) for mix in (DENSE, SPARSE))
    assert 0 < sparse < dense / 20


def test_boltseal_finds_the_images_that_are_in_each_file(dense):
    folder, images = dense
    expected = {file.path: file.images for file in tree.files(FILES) if file.images}
    assert _listed(folder) == expected
    assert sum(expected.values()) == images > 100


def test_git_knows_every_file(dense):
    folder, _ = dense
    listed = subprocess.run(["git", "ls-files"], cwd=folder, capture_output=True, text=True)
    assert sorted(listed.stdout.split()) == sorted(file.path for file in tree.files(FILES))


def _bytes(files):
    return sum(len(file.text) for file in files)


def _listed(folder):
    command = [sys.executable, "-m", "boltseal", "list", "--format", "jsonl"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return Counter(json.loads(line)["path"] for line in ran.stdout.splitlines())

import subprocess
import sys

from bench.choice import candidates
from bench.testbed import listed

from bench import reader


def read(folder, *paths: str) -> int:
    command = [sys.executable, reader.__file__, *paths]
    return int(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)


def put(folder, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def test_files_with_one_of_the_words_are_counted(tmp_path):
    put(tmp_path, a_yaml="image: nginx", b_py="x = 1", Dockerfile="FROM a", c_yml="uses: d")
    assert read(tmp_path) == 3


def test_files_of_other_names_are_not_read(tmp_path):
    put(tmp_path, a_md="image", b_go="image", Dockerfile_test="FROM a")
    assert read(tmp_path) == 1
    assert candidates(tmp_path) == ["Dockerfile.test"]


def test_a_short_file_has_nothing_of_the_long_one_before(tmp_path):
    put(tmp_path, a_py="long " * 99 + "image", b_py="short")
    assert read(tmp_path, "a.py", "b.py") == 1


def test_a_large_file_is_read_to_its_end(tmp_path):
    put(tmp_path, a_yaml=" " * (3 << 20) + "image")
    assert read(tmp_path) == 1


def test_in_a_repository_git_says_which_files_there_are(tmp_path):
    put(tmp_path, a_yaml="image", ignored_yaml="image")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "a.yaml"], cwd=tmp_path, check=True)
    assert read(tmp_path) == 1
    assert listed(tmp_path) == ["a.yaml"]

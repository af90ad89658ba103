"""What shells are offered, by the protocol that their completion scripts speak."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from boltseal.report.form import Format
from boltseal_rules.knowledge import pages, place_names

RULES = [rule.name for rule in pages()]
FORMATS = [str(form) for form in Format]


def asked(variables: dict[str, str]) -> str:
    """What boltseal prints for a shell; its own name is taken from the first argument."""
    program = "import sys; sys.argv[0] = 'boltseal'; from boltseal.start import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout


def bash(*words: str) -> list[str]:
    """What bash is offered for the last one of the words."""
    variables = {
        "_BOLTSEAL_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("boltseal", *words)),
        "COMP_CWORD": str(len(words)),
    }
    return asked(variables).split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("ver",), ["verify"]),
        (("rule", ""), RULES),
        (("rule", "mut"), ["mutable-tag"]),
        (("rule", "no-such"), []),
        (("check", "--select", "stale"), ["stale-digest"]),
        (("fix", "--ignore", "stale"), ["stale-digest"]),
        (("check", "--severity", ""), ["error", "warning", "note"]),
        (("check", "--place", ""), list(place_names())),
        (("check", "--no-place", "dockerf"), ["dockerfile"]),
        (("check", "--format", ""), FORMATS),
        (("check", "--exc"), ["--exclude"]),
        (("check", "Dockerf"), []),  # files are the shell's
    ],
)
def test_bash_is_offered_what_may_follow(words: tuple[str, ...], offered: list[str]) -> None:
    found = bash(*words)
    assert sorted(found) == sorted(offered)


def test_every_command_is_offered() -> None:
    assert {"check", "fix", "verify", "list", "rule"} <= set(bash(""))


def test_fish_and_zsh_are_told_what_a_name_is() -> None:
    words = {"_TYPER_COMPLETE_ARGS": "boltseal rule mut"}
    told = "The image is named by a tag, and tags move."
    fish = {"_BOLTSEAL_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert asked({**words, **fish}) == f"mutable-tag\t{told}\n"
    zsh = {"_BOLTSEAL_COMPLETE": "complete_zsh"}
    assert asked({**words, **zsh}) == f'_arguments \'*: :(("mutable-tag":"{told}"))\'\n'


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_script_for_bash_completes(tmp_path: Path) -> None:
    program = tmp_path / "boltseal"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.argv[0] = 'boltseal'\n"
        "from boltseal.start import main\nmain()\n"
    )
    program.chmod(0o755)
    script = asked({"_BOLTSEAL_COMPLETE": "source_bash"})
    typed = "COMP_WORDS=(boltseal rule mut); COMP_CWORD=2; _boltseal_completion boltseal"
    done = subprocess.run(
        ["bash", "-c", f'{script}\n{typed}; echo "${{COMPREPLY[@]}}"; complete -p boltseal'],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "mutable-tag",
        "complete -o default -F _boltseal_completion boltseal",
    ]


@pytest.mark.parametrize("typed", ["check --place ", "check --", "fix --", "rule ", ""])
def test_an_offer_is_one_line_however_much_is_told_of_it(typed: str) -> None:
    words = {"_TYPER_COMPLETE_ARGS": f"boltseal {typed}", "COLUMNS": "40"}
    fish = {"_BOLTSEAL_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    offered = [line.partition("\t") for line in asked({**words, **fish}).splitlines()]
    assert sorted(name for name, _, _ in offered) == sorted(bash(*typed.split(" ")))
    assert all(told for _, _, told in offered)


def test_no_offer_holds_what_a_shell_would_run() -> None:
    words = {"_TYPER_COMPLETE_ARGS": "boltseal check --place "}
    offered = asked({**words, "_BOLTSEAL_COMPLETE": "complete_zsh"})
    assert len(offered.splitlines()) == len(place_names())
    assert not any(sign in offered.replace("\\`", "").replace("\\$", "") for sign in "`$")

#!/usr/bin/env python3
"""Time boltseal against the cost of reading the same files. Prints ratios of user+sys CPU medians."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 5
READ = (
    "import os\n"
    "for d, _, fs in os.walk('.'):\n"
    "    for f in fs:\n"
    "        b'image' in open(os.path.join(d, f), 'rb').read()\n"
)
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: nginx:1.{0}\n"


def generate(root: Path) -> None:
    """A tree of a thousand small files: manifests, Dockerfiles, Compose files, noise."""
    for index in range(250):
        folder = root / f"d{index}"
        folder.mkdir()
        (folder / "pod.yaml").write_text(POD.format(index))
        (folder / "Dockerfile").write_text(f"FROM golang:1.{index} AS b\nRUN make\nFROM scratch\n")
        (folder / "compose.yaml").write_text(f"services:\n  a:\n    image: redis:{index}\n")
        (folder / "noise.py").write_text("x = 1\n" * 200)


def cpu(command: list[str], folder: Path) -> float:
    """Median user+sys seconds of whole processes."""
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(times)


def main() -> None:
    """Run both comparisons; BENCH_TREE names a tree to use instead of the generated one."""
    python, boltseal = sys.executable, [sys.executable, "-m", "boltseal", "check"]
    with tempfile.TemporaryDirectory() as made:
        tree = Path(os.environ.get("BENCH_TREE", made))
        if tree == Path(made):
            generate(tree)
        floor, ours = cpu([python, "-c", READ], tree), cpu(boltseal, tree)
        print(f"tree: check {ours:.3f} s, reading {floor:.3f} s, ratio {ours / floor:.1f}")
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "Dockerfile").write_text("FROM nginx:1.27\n")
        (Path(made) / "pod.yaml").write_text(POD.format(27))
        floor = cpu([python, "-c", "pass"], Path(made))
        for name in ("Dockerfile", "pod.yaml"):
            ours = cpu([*boltseal, name], Path(made))
            print(
                f"{name}: check {ours:.3f} s, bare python {floor:.3f} s, ratio {ours / floor:.1f}"
            )


if __name__ == "__main__":
    main()

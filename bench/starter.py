"""Start a program, wait for it, and write what it cost to a file descriptor.

``python starter.py DESCRIPTOR PROGRAM ARGUMENT...`` writes user+sys seconds, seconds on the clock,
the most memory in the unit of getrusage(2), and the status of waitpid(2). A process starts with the
memory of its parent on its account, so its parent has to be as small as this.
"""

import os
import sys
import time


def main() -> None:
    """Run the program with this one's files; exits with an error if it cannot be started."""
    descriptor, program = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(descriptor, False)
    start = time.perf_counter()
    process = os.posix_spawnp(program[0], program, os.environ)
    # Of this very process, with those that it waited for.
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    cost = f"{usage.ru_utime + usage.ru_stime} {wall} {usage.ru_maxrss} {status}"
    os.write(descriptor, cost.encode())


if __name__ == "__main__":
    main()

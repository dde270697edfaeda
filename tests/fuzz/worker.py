"""worker – runs the programs whose numbers it reads from standard input; one line of JSON each.

A process of its own, because a program may end it.
"""

import json
import signal
import sys

import compare
import programs

SECONDS = 60


def main(seed):
    for line in sys.stdin:
        index = int(line)
        signal.alarm(SECONDS)
        case = programs.make(seed, index).case()
        fault, refusals = compare.check(case, f"fuzz_{index}")
        signal.alarm(0)
        print(json.dumps({"index": index, "fault": fault, "refusals": refusals}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

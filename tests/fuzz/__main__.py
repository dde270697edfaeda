"""Random programs, run by every executor: ./dev fuzz --count 1000 --seed 7."""

import argparse
import collections
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import compare  # noqa: E402
import programs  # noqa: E402
import shrink  # noqa: E402


def start_worker(seed):
    environment = os.environ | {"METATE_CACHE": "0", "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH")]))}
    command = [sys.executable, str(HERE / "worker.py"), str(seed)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run_one(worker, index):
    """The worker's answer; where it died, what it died of."""
    worker.stdin.write(f"{index}\n")
    worker.stdin.flush()
    line = worker.stdout.readline()
    if line:
        return json.loads(line)
    code, error = worker.wait(), worker.stderr.read()
    what = "hangs" if code == -14 else f"ended the process ({code})"
    return {"index": index, "fault": f"{what}: {error[-600:]}", "refusals": [], "died": True}


def kind(fault):
    """What stays the same while a program is made smaller."""
    return fault.split(":")[0] + (" internal" if "MT9" in fault else " raised" if "Error" in fault.split("expected")[0] else "")


def keep(seed, answer):
    """Writes the shrunk program down."""
    program = programs.make(seed, answer["index"])
    fault = answer["fault"]
    if not answer.get("died"):

        def fails(candidate):
            try:
                return kind(compare.check(candidate.case())[0]) == kind(fault)
            except Exception:
                return False  # no program any more

        program = shrink.shrink(program, fails)
        fault = compare.check(program.case())[0]
    path = HERE / "found" / f"seed{seed}_{answer['index']}.py"
    title = " ".join(fault.split())[:300].replace('"""', "'''").replace("\\", "/")
    program.case().save(path, f"Seed {seed}, program {answer['index']}: {title}")
    return path


def main():
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="number of programs (500)")
    parser.add_argument("--seed", type=int, default=None, help="by default the time")
    parser.add_argument("--first", type=int, default=0, help="number of the first program")
    parser.add_argument("--keep", action="store_true", help="shrink what fails and write it to tests/fuzz/found")
    parser.add_argument("--show", type=int, metavar="NUMBER", help="print this program and what it does")
    options = parser.parse_args()
    seed = int(time.time()) if options.seed is None else options.seed
    if options.show is not None:
        case = programs.make(seed, options.show).case()
        print(case.functions, *case.arguments, sep="\n")
        print(*compare.check(case), sep="\n")
        return 0
    began, worker, failed, refused = time.time(), start_worker(seed), [], collections.Counter()
    for index in range(options.first, options.first + options.count):
        answer = run_one(worker, index)
        if answer.get("died"):
            worker = start_worker(seed)
        refused.update(set(answer["refusals"]))
        if answer["fault"]:
            failed.append(answer)
            print(f"program {index}: {answer['fault']}", flush=True)
            if options.keep:
                print(f"  kept as {keep(seed, answer)}", flush=True)
    worker.stdin.close()
    for message, count in refused.most_common(20):
        print(f"refused {count:5d}  {message}")
    print(f"fuzz: {options.count} programs, seed {seed}: {len(failed)} failed, {sum(refused.values())} refusals, "
          f"{time.time() - began:.0f} s")  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

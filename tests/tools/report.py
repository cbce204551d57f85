#!/usr/bin/env python3
"""Adds up what meson's test runs found, in all builds, and tells every failure in full.

    report.py [--failed=NAME]... BUILD...

Counts each subtest of a TAP test by itself, and any other test as one; what is skipped, or known to fail (TODO), is
listed. A program that ends badly is a failure even
when all its subtests were fine. Ends with one line, "N passed, M failed"; exit status 1 when M is not 0.
"""
import json
import os
import re
import sys

POINT = re.compile(r"^(not )?ok\b(.*)$", re.M)


def count(test):
    """(passed, failed, skipped) of one test of meson's log."""
    if test["result"] == "SKIP":
        return 0, 0, 1
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    passed = failed = skipped = 0
    for bad, rest in POINT.findall(test.get("stdout", "")):
        if re.search(r"# *(skip|todo)", rest, re.I):
            skipped += 1
        elif bad:
            failed += 1
        else:
            passed += 1
    if not passed + failed + skipped:
        return int(good), int(not good), 0
    return passed, failed or int(not good), skipped


def why_skipped(test):
    text = test.get("stdout", "") + test.get("stderr", "")
    marked = re.findall(r"# *(?:skip|todo).*$", text, re.I | re.M)
    return "; ".join(marked) or text.strip().split("\n")[-1]


def tell(build, test):
    print("\n==== %s: %s: %s" % (build, test["name"], test["result"]))
    for stream in ("stdout", "stderr"):
        text = test.get(stream, "")
        if stream == "stdout":
            text = "\n".join(line for line in text.split("\n") if not line.startswith("ok "))
        if text.strip():
            print(text.rstrip())


def read(build):
    path = os.path.join(build, "meson-logs", "testlog.json")
    try:
        with open(path, encoding="utf-8", errors="replace") as log:
            return [json.loads(line) for line in log]
    except FileNotFoundError:
        return None


def main():
    passed = failed = 0
    notes = []
    for build in sys.argv[1:]:
        if build.startswith("--failed="):
            failed += 1
            continue
        tests = read(build)
        if tests is None:
            print("==== %s: its tests did not run" % build)
            failed += 1
            continue
        for test in tests:
            good, bad, skipped = count(test)
            passed += good
            failed += bad
            if bad:
                tell(build, test)
            if skipped:
                notes.append("%s: %s: %s" % (build, test["name"], why_skipped(test)))
    for note in notes:
        print("not counted: " + note)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


sys.exit(main())

"""Movements of each leg of an EDF file by `LM` of lunapi, as JSON. Usage: … FILE (in its own environment)."""

import json
import sys


def main() -> None:
    import lunapi

    project = lunapi.proj()
    project.silence(True)
    found = {}
    for side, label in (("left", "LAT"), ("right", "RAT")):
        one = project.inst(side)
        one.attach_edf(sys.argv[1])
        one.eval(f"LM sig={label} verbose=T")
        rows = one.table("LM", "EVENT_TYPE")
        rows = [] if rows is None or not len(rows) else rows.to_dict("records")
        found[side] = [(float(row["START"]), float(row["STOP"])) for row in rows if row["TYPE"] == "LM"]
    print(json.dumps({"lunapi": found}))


if __name__ == "__main__":
    main()

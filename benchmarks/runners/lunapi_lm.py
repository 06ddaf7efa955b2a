"""Leg movements of an EDF file by `LM` of lunapi, as JSON. Usage: … FILE (in its own environment)."""

import json
import sys
from importlib.metadata import version


def main() -> None:
    import lunapi

    project = lunapi.proj()
    project.silence(True)
    one = project.inst("night")
    one.attach_edf(sys.argv[1])
    one.eval("LM sig=LAT,RAT verbose=T")
    states = one.table("LM", "SS").to_dict("records")
    events = one.table("LM", "EVENT_TYPE").to_dict("records")
    found = [
        {"start": float(row["START"]), "clm": int(row["CLM"]), "plm": int(row["PLM"]), "side": row["SIDE"]}
        for row in events
        if row["TYPE"] == "LM"
    ]
    told = [{name: str(value) for name, value in row.items()} for row in states]
    print(json.dumps({"states": told, "events": found, "version": version("lunapi")}))


if __name__ == "__main__":
    main()

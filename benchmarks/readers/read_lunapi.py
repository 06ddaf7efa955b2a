"""What lunapi makes of a file, as JSON. Usage: … FILE (in its own environment)."""

import sys

import lunapi
from told import tell


def main(path: str) -> dict:
    project = lunapi.proj()
    project.silence(True)
    one = project.inst("night")
    if not one.attach_edf(path):
        raise ValueError("attach_edf returned false")
    one.eval("HEADERS")
    headers = {row["CH"]: row for row in one.table("HEADERS", "CH").to_dict("records")}
    whole = one.table("HEADERS").to_dict("records")[0]
    listed = one.annots()
    marks = listed["Annotations"].tolist() if "Annotations" in listed else []
    onsets = [float(start) for start in one.fetch_annots(marks)["Start"]] if marks else []
    return {
        "values": {name: one.data(name)[1][:, 0].tolist() for name in headers},
        "rates": {name: float(row["SR"]) for name, row in headers.items()},
        "units": {name: str(row["PDIM"]).strip() for name, row in headers.items()},
        "duration_s": float(whole["TOT_DUR_SEC"]),
        "start": _start(str(whole["START_DATE"]), str(whole["START_TIME"])),
        "onsets": onsets,
    }


def _start(date: str, time: str) -> str:
    day, month, year = (int(part) for part in date.replace("/", ".").replace(":", ".").split("."))
    year += 2000 if year < 85 else 1900 if year < 100 else 0
    return f"{year:04d}-{month:02d}-{day:02d}T{time.replace('.', ':', 2)}"


tell(main, sys.argv[1])

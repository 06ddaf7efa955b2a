#!/bin/sh
# Make the competitors' environment in a folder of its own (never in the product's): sh benchmarks/competitors.sh DIR
set -eu
python3 -m venv "$1"
"$1/bin/python" -m pip install --quiet --disable-pip-version-check psgscoring edfio mne scipy neurokit2 lunapi

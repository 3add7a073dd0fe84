#!/bin/sh
# Install the FHIR server that the tests in this folder start. It gets an environment of its own,
# because it brings its own version of the FHIR library that the project uses.
set -eu
cd "$(dirname "$0")/../.."
environment=.venv-fhir-server
if [ ! -x "$environment/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$environment"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement tests/real_server/requirements.txt
"$environment/bin/sekmet" --version

#!/bin/sh
# Install the FHIR servers that the tests in this folder start. They get an environment of their
# own, because sekmet-fhir brings its own version of the FHIR library that the project uses.
set -eu
cd "$(dirname "$0")/../.."
environment=.venv-fhir-server
if [ ! -x "$environment/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$environment"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement tests/real_server/requirements.txt
"$environment/bin/sekmet" --version

# Medplum's router needs Node; it names Node 22, and the wrapper gives it what older ones lack.
if ! command -v npm >/dev/null; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends \
        nodejs npm >/dev/null
fi
mkdir -p "$environment/medplum"
cp tests/real_server/package.json "$environment/medplum/"
npm install --prefix "$environment/medplum" --no-audit --no-fund --no-package-lock --silent
node --version

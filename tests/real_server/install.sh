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

# HAPI's own server comes from Maven Central, pinned in hapi/pom.xml, and is compiled here.
if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends \
        maven openjdk-17-jdk-headless >/dev/null
fi
here=$PWD
mvn --quiet --batch-mode --file tests/real_server/hapi/pom.xml dependency:copy-dependencies \
    -DoutputDirectory="$here/$environment/hapi/lib"
javac -d "$environment/hapi/classes" -cp "$environment/hapi/lib/*" \
    tests/real_server/hapi/HapiServer.java

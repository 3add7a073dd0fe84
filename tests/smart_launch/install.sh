#!/bin/sh
# Install the authorization server of the SMART tests (npm) beside the FHIR servers of
# tests/real_server, which it stands in front of.
set -eu
cd "$(dirname "$0")/../.."
if [ ! -x .venv-fhir-server/bin/sekmet ] || ! command -v npm >/dev/null; then
    sh tests/real_server/install.sh
fi
place=.venv-fhir-server/smart-ehr
mkdir -p "$place"
cp tests/smart_launch/package.json "$place/"
npm install --prefix "$place" --no-audit --no-fund --no-package-lock --silent
node -e "console.log('oidc-provider', require('./$place/node_modules/oidc-provider/package.json').version)"

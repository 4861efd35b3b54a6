#!/bin/sh
# make.sh BUILD N: makes the kept ledgers N (the lifecycle that `dataip-forge
# --life` tells) and N-bundles (the sample of `write_sample`) anew, each only
# when it audits clean. BUILD holds the programs; the keys are thrown away.
set -eu
build=$1
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

keep() {
  rm -rf "$work/made/keys"
  "$build/bin/dataip-audit" "$work/made/ledger" --trust "$work/made/trust.json"
  rm -rf "${here:?}/$1"
  mv "$work/made" "$here/$1"
  echo "made $here/$1; git add it"
}

"$build/tests/dataip-forge" --life "$work/made"
keep "$2"
"$build/tests/write_sample" "$work/made"
keep "$2-bundles"

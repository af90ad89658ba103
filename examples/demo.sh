#!/bin/sh
# The main job, offline: find, show the fix, fix, check again. Digests come from examples/layout.
set -eu
boltseal=${1:-boltseal}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/shop" "$work/shop"
cd "$work/shop"

step() { printf '\n\033[1m$ %s\033[0m\n' "$1"; }
expect() { # expect CODE COMMAND...: run it, and stop unless it ends with that exit code
    wanted=$1; shift
    code=0; "$@" || code=$?
    [ "$code" = "$wanted" ] || { echo "demo: '$*' ended with $code, not $wanted" >&2; exit 1; }
}

step "boltseal check          # finds what can change; opens no socket"
expect 1 "$boltseal" check
step "boltseal fix --diff     # shows the change and writes nothing"
expect 1 "$boltseal" fix --from-layout "$here/layout" --diff
step "boltseal fix            # makes it"
expect 0 "$boltseal" fix --from-layout "$here/layout"
step "boltseal check          # nothing left"
expect 0 "$boltseal" check

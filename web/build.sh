#!/bin/sh
# What Maven calls: build.sh pages|tests required|optional|skip. Does nothing when nothing changed.
what=$1 need=$2
[ "$need" = skip ] && exit 0

usable() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)'
}

rm -f target/node-is-missing
if ! usable; then
  if [ "$need" = optional ]; then
    echo "Stepcast starts without its pages: they need Node 20.19+ (or 22.12+) with npm on the PATH."
  else
    mkdir -p target && touch target/node-is-missing # the enforcer says so, in one line
  fi
  exit 0
fi
exec node tools/build.mjs "$what"

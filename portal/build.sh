#!/usr/bin/env bash
# Builds the pages, or tests them: `build.sh pages`, `build.sh tests [changed]`. Fetches what the lock file names once, builds only when
# something changed, so that a build without network works after the first.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
mkdir -p target

# Vite needs Node 20.19 or newer; where the system's is older, the one that npm fetched is taken
pick_node() {
  local own
  own=$(ls -d node_modules/node-linux-*/bin 2>/dev/null | head -n 1 || true)
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    [ -n "$own" ] || { echo "Node 20.19 or newer is needed / Node 20.19 以降が必要です" >&2; exit 1; }
    PATH="$PWD/$own:$PATH"; export PATH
  fi
}

fetch() {
  local lock; lock=$(sha256sum package-lock.json package.json)
  if [ ! -d node_modules ] || [ "$(cat target/fetched 2>/dev/null)" != "$lock" ]; then
    npm ci --ignore-scripts --no-audit --no-fund >target/npm.log 2>&1 || { tail -n 20 target/npm.log >&2; exit 1; }
    echo "$lock" >target/fetched
  fi
}

pages() {
  local digest; digest=$(find src/main/web index.html package-lock.json package.json seal.js vite.config.ts viewer.config.ts svelte.config.js -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "$(cat target/built 2>/dev/null)" = "$digest" ] && [ -e target/dist/files.tsv ]; then return; fi
  fetch; pick_node
  node node_modules/vite/bin/vite.js build --logLevel warn
  node seal.js
  node node_modules/vite/bin/vite.js build --config viewer.config.ts --logLevel warn
  echo "$digest" >target/built
}

tests() {
  local digest; digest=$(find src build.sh package-lock.json package.json tsconfig.json vite.config.ts -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "${1:-}" = changed ] && [ "$(cat target/held 2>/dev/null)" = "$digest" ]; then return; fi
  fetch; pick_node
  mkdir -p target/surefire-reports
  node node_modules/typescript/bin/tsc --noEmit
  node node_modules/svelte-check/bin/svelte-check --fail-on-warnings --output machine >target/svelte-check.log || { cat target/svelte-check.log >&2; exit 1; }
  node node_modules/vitest/vitest.mjs run --reporter=default --reporter=junit --outputFile.junit=target/surefire-reports/TEST-portal.web.xml
  echo "$digest" >target/held
}

"$@"

#!/bin/sh
# Makes a fresh Debian 12 or Ubuntu 24.04 ready: packages of the distribution, virtual environment, the pinned Python
# packages, the project itself, what the pages take from npm. Safe to run again; when nothing has changed it ends at
# once.
set -eu
cd "$(dirname "$0")/../.."
log=build/setup.log
mkdir -p build
: >"$log"

PYTHON=${PYTHON:-python3}
command -v "$PYTHON" >/dev/null || { echo "set-up: python3 is missing (apt-get install python3)" >&2; exit 2; }
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "set-up: $("$PYTHON" --version) is too old, 3.11 or newer is needed" >&2; exit 2; }

# step TITLE COMMAND…: one line while it runs, the whole log only when it fails.
step() {
    title=$1; shift
    began=$(date +%s)
    "$@" >>"$log" 2>&1 </dev/null &
    work=$!
    while kill -0 "$work" 2>/dev/null; do
        [ -t 1 ] && printf '\rset-up: %s … %s s ' "$title" "$(($(date +%s) - began))"
        sleep 0.5
    done
    if wait "$work"; then
        [ -t 1 ] && printf '\r'
        echo "set-up: $title, $(($(date +%s) - began)) s    "
    else
        echo >&2
        cat "$log" >&2
        echo "set-up: failed at: $title (the log above is in $log)" >&2
        exit 1
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo --non-interactive "$@" || sudo "$@"; fi
}

# 1. Packages of the distribution
wanted=$(grep -v '^#' requirements/debian.txt)
# A Python from elsewhere brings its own venv.
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || wanted="$wanted python3-venv"
# Node from elsewhere brings its own npm, and cannot stand beside the distribution's.
command -v npm >/dev/null || wanted="$wanted nodejs npm"
# The browser of the browser tests. Ubuntu has it as a snap only, which not every machine can run: there the tests say
# that they were left out.
if ! command -v chromium >/dev/null && grep -q '^ID=debian' /etc/os-release; then wanted="$wanted chromium"; fi
missing=
installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p')
for package in $wanted; do
    case "
$installed
" in *"
$package
"*) ;; *) missing="$missing $package" ;; esac
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "set-up: needs root or sudo to install:$missing" >&2
        exit 2
    fi
    [ "$(id -u)" -eq 0 ] || sudo -v
    step "list of the distribution's packages" as_root env DEBIAN_FRONTEND=noninteractive apt-get update
    # shellcheck disable=SC2086 # one word per package is meant
    step "packages of the distribution:$missing" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends $missing
fi

# 2. Python packages, by hash
stamp=.venv/set-up-$(cat requirements/dev.txt pyproject.toml infra/packaging/setup.sh | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    if ! .venv/bin/python -c '' 2>/dev/null; then
        rm -rf .venv
        step "virtual environment" "$PYTHON" -m venv .venv
    fi
    # --no-deps: every package is pinned, and pip refuses pins whose dependants ask for them with extras.
    # --no-compile: what is imported is compiled then; most of moto and botocore never is.
    step "Python packages" .venv/bin/python -m pip install --disable-pip-version-check --no-input --no-compile \
        --no-deps --require-hashes --requirement requirements/dev.txt
    step "their agreement" .venv/bin/python -m pip check
    step "the project" .venv/bin/python -m pip install --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --editable .
    rm -f .venv/set-up-*
    touch "$stamp"
fi

# 3. What the pages take from npm, at build time only
npm_stamp=infra/assets/node_modules/.set-up-$(cat infra/assets/package-lock.json infra/assets/.npmrc | sha256sum | cut -c1-16)
if [ ! -e "$npm_stamp" ]; then
    step "packages of the pages" npm ci --prefix infra/assets --no-progress
    touch "$npm_stamp"
fi
assets_stamp=functions/web/assets/.set-up-$(cat "$npm_stamp" infra/assets/package-lock.json infra/packaging/assets.py functions/web/look/* | sha256sum | cut -c1-16)
if [ ! -e "$assets_stamp" ]; then
    step "the pages' style and script" .venv/bin/python infra/packaging/assets.py
    touch "$assets_stamp"
fi

# Sourced by run, test and .ci/run: Debian packages that a step needs, and a scratch folder.

# apt_install WHAT PACKAGE…: installs the packages, or says how to and stops.
apt_install() {
    local what=$1
    shift
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo)
        else
            as_root=(false)
        fi
    fi
    if ! command -v apt-get >/dev/null || [ "${as_root[*]}" = false ]; then
        echo "$what is missing. On Debian or Ubuntu, this installs it; then start again:" >&2
        echo "  sudo apt-get install --no-install-recommends $*" >&2
        exit 1
    fi
    echo "installing $what ($*)"
    export DEBIAN_FRONTEND=noninteractive
    if ! "${as_root[@]}" apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1; then
        "${as_root[@]}" apt-get update -qq
        "${as_root[@]}" apt-get install -qq -y --no-install-recommends "$@" >/dev/null
    fi
}

# Cargo, which nobody should install behind your back, and the linker that it calls.
need_toolchain() {
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        export PATH="$HOME/.cargo/bin:$PATH"
    fi
    if ! command -v cargo >/dev/null; then
        echo "Rust is missing; https://rustup.rs installs it" >&2
        exit 1
    fi
    command -v cc >/dev/null || apt_install "a linker" gcc libc6-dev
}

# A folder for this run, removed at its end: `scratch`. It also serves as XDG_RUNTIME_DIR, which GPU drivers miss on
# machines without a desktop.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-$scratch}"

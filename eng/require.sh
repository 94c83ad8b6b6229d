# shellcheck shell=bash
# Sourced: installs distribution packages that a script cannot do without.
#
# require PACKAGE PROBE PURPOSE
#   PROBE is a command name or an absolute path (globs allowed); when it is there nothing happens.
require() {
    local package=$1 probe=$2 purpose=$3
    case $probe in
    /*) if compgen -G "$probe" >/dev/null; then return 0; fi ;;
    *) if command -v "$probe" >/dev/null 2>&1; then return 0; fi ;;
    esac
    local words="$package, which $purpose"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "sampan: install $words: $probe is missing and this system has no apt-get" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "sampan: run 'apt-get install $package' as root: it $purpose" >&2
        return 1
    fi
    echo "sampan: installing $words" >&2
    local log
    log=$(mktemp)
    if ! install_package "$package" >"$log" 2>&1; then
        # The package lists of a fresh system are empty or stale.
        if ! { apt-get update && install_package "$package"; } >>"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            echo "sampan: cannot install $package" >&2
            return 1
        fi
    fi
    rm -f "$log"
}

install_package() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" </dev/null
}

# shellcheck shell=bash
# Sourced by ./test: what a run of the tests may not leave behind.

# surroundings: one line for everything outside the repository that a test could leave.
surroundings() {
    # Mounts, by place and kind.
    awk '{ for (i = 7; $i != "-"; i++); print "mount " $5 " " $(i + 1) }' /proc/self/mountinfo
    # Control groups of containers; the common parent stays, as docker's does, and is removed below when it is new.
    find /sys/fs/cgroup -type d \( -path '*/sampan' -o -path '*/sampan/*' \) -printf 'cgroup %p\n' 2>/dev/null
    find /sys/class/net -mindepth 1 -printf 'network device %f\n' 2>/dev/null
    nft list tables 2>/dev/null
    find /var/lib/sampan /run/sampan /var/run/netns /dev/shm /dev/mqueue -mindepth 1 -printf 'file %p\n' 2>/dev/null
    find "$SAMPAN_TEST_RUN/files" -mindepth 1 -printf 'file %p\n'
    # Processes started by this run carry its mark, even those that were daemonised.
    local process
    for process in /proc/[0-9]*; do
        if marked "$process" && ! descends_from_here "$process"; then
            echo "process ${process#/proc/} $(tr '\0' ' ' 2>/dev/null <"$process/cmdline")"
        fi
    done
}

marked() {
    cat "$1/environ" "$1/cmdline" 2>/dev/null | grep -qaF "$SAMPAN_TEST_RUN"
}

# The tools of the check itself, unlike what a finished test has left, still have this shell among their ancestors.
descends_from_here() {
    local pid=${1#/proc/}
    while [ "${pid:-0}" -gt 1 ]; do
        [ "$pid" = $$ ] && return 0
        pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
    done
    return 1
}

record_surroundings() {
    surroundings | sort >"$1"
}

# compare_surroundings FILE: prints what is there now and was not in FILE; fails when that is anything.
compare_surroundings() {
    local left
    rmdir /sys/fs/cgroup/*/sampan /sys/fs/cgroup/sampan 2>/dev/null
    left=$(surroundings | sort | comm -13 "$1" -)
    if [ -n "$left" ]; then
        printf '%s\n' "$left"
        return 1
    fi
}

# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# cgroup.kill, and what a command finds after a monitor was killed.

test_the_next_command_takes_over_from_a_killed_monitor() {
    id=$(detached busybox sh -c 'echo one; mkfifo /gate; read -r x </gate; echo two; exit 7')
    gate=/proc/$(field "$id" .State.Pid)/root/gate
    eventually test -p "$gate"
    kill -9 "$(monitor "$id")"
    succeeds sampan exec "$id" test -p /gate >/dev/null
    # Not by an exec: that would end with the container.
    echo go >"$gate"
    code=$(succeeds sampan wait "$id")
    equal "one two" "$(sampan logs "$id" | tr '\n' ' ' | sed 's/ $//')" output
    # This kernel tells an exit code only to who reads it before the host's init has reaped the process.
    case $code in
    7) equal "" "$(field "$id" .State.Error)" error ;;
    255) succeeds field "$id" .State.Error | grep -q "exit code unknown" || fail "an unknown code must say so" ;;
    *) fail "exit code $code" ;;
    esac
    succeeds sampan rm "$id" >/dev/null
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
}

test_rm_finds_all_processes_in_the_hosts_pid_namespace_without_a_monitor() {
    # These do not die with the container's first process; only the group knows them.
    id=$(detached --pid host busybox sh -c 'setsid sleep 2000 & setsid sleep 2001 & sleep 2002')
    eventually group_has "$id" 3
    equal "$(readlink /proc/1/ns/pid)" "$(readlink "/proc/$(field "$id" .State.Pid)/ns/pid")" "pid namespace"
    kill -9 "$(monitor "$id")"
    succeeds sampan rm -f "$id" >/dev/null
    equal "" "$(pidof sleep)" "processes left"
}

test_processes_in_the_hosts_pid_namespace_end_with_the_first() {
    id=$(detached --pid host busybox sh -c 'trap "" TERM; setsid sleep 2000 & setsid sleep 2001 & echo ready; read -r x <>/dev/zero; sleep 2')
    eventually group_has "$id" 3
    equal "$(readlink /proc/1/ns/pid)" "$(readlink "/proc/$(field "$id" .State.Pid)/ns/pid")" "pid namespace"
    succeeds sampan kill "$id" >/dev/null
    equal 137 "$(succeeds sampan wait "$id")"
    eventually nothing_sleeps
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
}

test_groups_made_inside_go_too() {
    id=$(detached --privileged --pid host busybox sh -c 'mkdir -p /sys/fs/cgroup/a/b /sys/fs/cgroup/c && sleep 3000 & sleep 3001')
    eventually test -d "/sys/fs/cgroup/sampan/$id/a/b"
    eventually group_has "$id" 2
    control "$id" cgroup.procs | tail -n 1 >"/sys/fs/cgroup/sampan/$id/a/b/cgroup.procs"
    succeeds sampan rm -f "$id" >/dev/null
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
    eventually nothing_sleeps
}

test_a_group_left_by_a_crash_is_replaced() {
    id=$(succeeds sampan create -m 64m busybox sleep 1000)
    mkdir -p "/sys/fs/cgroup/sampan/$id/inner"
    echo +memory >/sys/fs/cgroup/sampan/cgroup.subtree_control
    echo 33554432 >"/sys/fs/cgroup/sampan/$id/memory.high"
    succeeds sampan start "$id" >/dev/null
    equal max "$(control "$id" memory.high)" "memory.high, which the crashed one had"
    equal 67108864 "$(control "$id" memory.max)" memory.max
}

monitor() {
    sed -n 's/^PPid:\t//p' "/proc/$(field "$1" .State.Pid)/status"
}

group_has() {
    [ "$(control "$1" cgroup.procs | wc -l)" -ge "$2" ]
}

nothing_sleeps() {
    ! pidof sleep
}

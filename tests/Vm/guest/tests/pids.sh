# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# The pids controller.

test_limit_is_written() {
    id=$(detached --pids-limit 16 busybox sleep 1000)
    equal 16 "$(control "$id" pids.max)" pids.max
    id=$(detached --pids-limit -1 busybox sleep 1000)
    equal max "$(control "$id" pids.max)" "pids.max without a limit"
}

test_fork_fails_at_the_limit() {
    id=$(detached --pids-limit 12 busybox sleep 1000)
    output=$(sampan exec "$id" sh -c 'for i in $(seq 30); do sleep 1000 & done' 2>&1) || true
    contains "$output" fork
    contains "$output" "Resource temporarily unavailable"
    at_most 12 "$(control "$id" pids.current)" pids.current
    at_least 1 "$(counter "/sys/fs/cgroup/sampan/$id/pids.events" max)" "pids.events max"
    succeeds sampan rm -f "$id" >/dev/null
}

test_exec_at_the_limit_is_refused() {
    id=$(detached --pids-limit 1 busybox sleep 1000)
    output=$(sampan exec "$id" true 2>&1) && fail "exec in a full group succeeds"
    equal 1 "$(echo "$output" | wc -l)" "lines of: $output"
    contains "$output" EAGAIN
    equal true "$(field "$id" .State.Running)"
}

test_a_fork_bomb_ends_with_rm() {
    # A shell that cannot fork ends: the first process is one that need not.
    id=$(detached --pids-limit 64 busybox sh -c 'bomb() { bomb | bomb & }; (while :; do bomb; done) & exec sleep 1000')
    eventually above "/sys/fs/cgroup/sampan/$id/pids.events" max 0
    at_most 64 "$(control "$id" pids.current)" pids.current
    succeeds timeout 30 sampan rm -f "$id" >/dev/null
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
}

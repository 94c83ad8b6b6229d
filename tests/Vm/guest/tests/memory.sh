# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# The memory controller.

test_limits_are_written() {
    id=$(detached -m 64m --memory-reservation 32m --memory-swap 96m busybox sleep 1000)
    equal 67108864 "$(control "$id" memory.max)" memory.max
    equal 33554432 "$(control "$id" memory.low)" memory.low
    # Docker counts memory and swap together, cgroup v2 swap alone.
    equal 33554432 "$(control "$id" memory.swap.max)" memory.swap.max
}

test_no_limit_is_max() {
    id=$(detached busybox sleep 1000)
    equal max "$(control "$id" memory.max)" memory.max
    equal 0 "$(control "$id" memory.low)" memory.low
    equal max "$(control "$id" memory.swap.max)" memory.swap.max
}

test_swap_is_as_much_as_memory_unless_told() {
    id=$(detached -m 64m busybox sleep 1000)
    equal 67108864 "$(control "$id" memory.swap.max)" "memory.swap.max by default"
    id=$(detached -m 64m --memory-swap -1 busybox sleep 1000)
    equal max "$(control "$id" memory.swap.max)" "memory.swap.max without a limit"
    id=$(detached -m 64m --memory-swap 64m busybox sleep 1000)
    equal 0 "$(control "$id" memory.swap.max)" "memory.swap.max without swap"
}

test_running_out_is_137_and_recorded() {
    ends 137 sampan run --name hungry -m 16m --memory-swap 16m busybox sh -c 'x=a; while :; do x=$x$x; done'
    equal true "$(field hungry .State.OOMKilled)" OOMKilled
    equal 137 "$(field hungry .State.ExitCode)" ExitCode
    # A new start is a new group, with counters of its own.
    ends 137 sampan run --name killed busybox sh -c 'kill -9 $$; sleep 1000 & kill -9 -1; exit 137'
    equal false "$(field killed .State.OOMKilled)" "OOMKilled of one that was killed otherwise"
}

test_swap_is_used_and_limited() {
    eater='head -c 20000000 /dev/zero | tail -c 20000000 >/dev/null; exit $?'
    ends 137 sampan run --rm -m 10m --memory-swap 10m busybox sh -c "$eater"
    ends 137 sampan run --rm -m 10m --memory-swap 14m busybox sh -c "$eater"
    ends 0 sampan run --rm -m 10m --memory-swap 64m busybox sh -c "$eater"
}

test_files_in_memory_count() {
    id=$(detached -m 24m --memory-swap 24m --shm-size 64m busybox sleep 1000)
    succeeds sampan exec "$id" dd if=/dev/zero of=/dev/shm/file bs=1M count=8
    # The kernel sums its counters up every two seconds (cgroup-v2.rst, memory.stat).
    eventually in_memory 8388608
    ends 137 sampan exec "$id" dd if=/dev/zero of=/dev/shm/file bs=1M count=60
}

in_memory() {
    [ "$(control "$id" memory.stat | sed -n 's/^shmem //p')" -eq "$1" ]
}

test_out_of_memory_score() {
    equal 500 "$(succeeds sampan run --rm --oom-score-adj 500 busybox cat /proc/self/oom_score_adj)"
}

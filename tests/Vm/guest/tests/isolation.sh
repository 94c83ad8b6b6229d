# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# What a container sees of the tree.

test_the_group_is_the_root_inside() {
    equal 0::/ "$(succeeds sampan run --rm busybox cat /proc/self/cgroup)"
    id=$(detached -m 64m busybox sleep 1000)
    equal 67108864 "$(succeeds sampan exec "$id" cat /sys/fs/cgroup/memory.max)" "memory.max inside"
    equal 1 "$(succeeds sampan exec "$id" head -n 1 /sys/fs/cgroup/cgroup.procs)" "first process inside"
    ends 1 sampan exec "$id" ls /sys/fs/cgroup/sampan
}

test_the_tree_is_read_only() {
    ends 1 sampan run --rm -m 64m busybox mkdir /sys/fs/cgroup/inner
    contains "$output" "Read-only file system"
    ends 1 sampan run --rm -m 64m busybox sh -c 'echo max >/sys/fs/cgroup/memory.max'
    contains "$output" "Read-only file system"
    ends 1 sampan run --rm -m 64m --cap-add SYS_ADMIN busybox sh -c 'mount -o remount,bind,ro /sys/fs/cgroup; echo max >/sys/fs/cgroup/memory.max'
    contains "$output" "Read-only file system"
}

test_privileged_may_divide_its_group() {
    id=$(detached --privileged --cgroupns private -m 64m busybox sleep 1000)
    succeeds sampan exec "$id" mkdir /sys/fs/cgroup/inner
    [ -d "/sys/fs/cgroup/sampan/$id/inner" ] || fail "the group was made elsewhere"
}

test_the_hosts_namespace() {
    id=$(detached --cgroupns host busybox sleep 1000)
    equal "0::/sampan/$id" "$(succeeds sampan exec "$id" cat /proc/self/cgroup)"
    equal 1 "$(succeeds sampan run --rm --cgroupns host busybox grep -c '^0::/sampan/' /proc/self/cgroup)"
}

test_another_parent() {
    id=$(detached --cgroup-parent /slices/one -m 64m busybox sleep 1000)
    equal 67108864 "$(cat "/sys/fs/cgroup/slices/one/$id/memory.max")" memory.max
    contains "$(cat /sys/fs/cgroup/slices/one/cgroup.subtree_control)" memory
    # The parent's limit holds for all below it.
    echo 8 >/sys/fs/cgroup/slices/one/pids.max
    output=$(sampan exec "$id" sh -c 'for i in $(seq 30); do sleep 1000 & done' 2>&1) || true
    contains "$output" fork
    succeeds sampan rm -f "$id" >/dev/null
    rmdir /sys/fs/cgroup/slices/one /sys/fs/cgroup/slices
}

test_nobody_else_is_seen() {
    equal 1 "$(succeeds sampan run --rm busybox sh -c 'ls -d /proc/[0-9]* | head -n 1 | tr -dc 0-9')"
}

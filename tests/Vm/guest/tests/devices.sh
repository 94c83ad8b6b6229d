# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# Device rules, which are an eBPF program on cgroup v2. /dev/vda is a disk that no container has unless told.

test_standard_devices_work() {
    succeeds sampan run --rm busybox sh -euc '
        echo x >/dev/null
        for device in zero random urandom full; do head -c 1 /dev/$device >/dev/null; done' >/dev/null
    succeeds sampan run --rm -t busybox sh -c 'echo >/dev/tty && tty' >/dev/null
}

test_a_disk_is_refused() {
    # Making the node is allowed, as docker's rules have it; opening is not.
    ends 1 sampan run --rm busybox sh -c "$(node) && dd if=/node of=/dev/null bs=512 count=1"
    contains "$output" "can't open '/node': Operation not permitted"
    ends 1 sampan run --rm busybox sh -c "$(node) && dd if=/dev/zero of=/node bs=512 count=1"
    contains "$output" "can't open '/node': Operation not permitted"
}

test_memory_is_refused() {
    ends 1 sampan run --rm busybox sh -c 'mknod /mem c 1 1 && head -c 1 /mem'
    contains "$output" "Operation not permitted"
}

test_an_allowed_disk_can_be_read_and_written() {
    succeeds sampan run --rm --device /dev/vda busybox sh -ec '
        echo marked | dd of=/dev/vda bs=512 count=1 conv=sync
        dd if=/dev/vda bs=512 count=1 | grep -q marked' >/dev/null
    contains "$(head -c 6 /dev/vda)" marked
}

test_reading_alone() {
    id=$(detached --device /dev/vda:/dev/disk:r busybox sleep 1000)
    succeeds sampan exec "$id" dd if=/dev/disk of=/dev/null bs=512 count=1 >/dev/null
    ends 1 sampan exec "$id" dd if=/dev/zero of=/dev/disk bs=512 count=1
    contains "$output" "Operation not permitted"
    # Both at once are more than reading.
    ends 1 sampan exec "$id" sh -c ': <>/dev/disk'
    contains "$output" "Operation not permitted"
}

test_writing_alone() {
    id=$(detached --device /dev/vda:/dev/disk:w busybox sleep 1000)
    succeeds sampan exec "$id" dd if=/dev/zero of=/dev/disk bs=512 count=1 >/dev/null
    ends 1 sampan exec "$id" dd if=/dev/disk of=/dev/null bs=512 count=1
    contains "$output" "Operation not permitted"
}

test_a_name_of_its_own_does_not_help() {
    # The rule is about the number: another node of an allowed device works, another device does not.
    id=$(detached --device /dev/vda:/dev/disk:rw busybox sleep 1000)
    succeeds sampan exec "$id" sh -c "$(node) && head -c 1 /node" >/dev/null
    ends 1 sampan exec "$id" sh -c 'mknod /other b '"$(numbers vdb)"' && head -c 1 /other'
    contains "$output" "Operation not permitted"
}

test_a_group_inside_is_held_too() {
    # Programs of the groups above hold for those below.
    id=$(detached --cap-add SYS_ADMIN --security-opt seccomp=unconfined busybox sleep 1000)
    ends 1 sampan exec "$id" sh -c "mkdir /group && mount -t cgroup2 none /group && mkdir /group/inner &&
        echo 0 >/group/inner/cgroup.procs && cat /proc/self/cgroup && $(node) && head -c 1 /node"
    contains "$output" "0::/inner"
    contains "$output" "/node: Operation not permitted"
    succeeds sampan rm -f "$id" >/dev/null
}

test_privileged_has_all() {
    succeeds sampan run --rm --privileged busybox head -c 1 /dev/vda >/dev/null
}

numbers() {
    tr : ' ' <"/sys/class/block/$1/dev"
}

node() {
    echo "mknod /node b $(numbers vda)"
}

test_a_device_is_added_to_what_runs_and_removed_again() {
    id=$(detached busybox sleep 1000)
    succeeds sampan exec "$id" sh -c "$(node)" >/dev/null
    ends 1 sampan exec "$id" dd if=/node of=/dev/null bs=512 count=1
    contains "$output" "Operation not permitted"
    equal "$id" "$(succeeds sampan update --device-add /dev/vda:/dev/disk:r "$id")"
    succeeds sampan exec "$id" dd if=/dev/disk of=/dev/null bs=512 count=1 >/dev/null
    ends 1 sampan exec "$id" dd if=/dev/zero of=/dev/disk bs=512 count=1
    contains "$output" "Operation not permitted"
    ends 1 sampan update --device-rm /dev/disk --device-add /dev/vda:/dev/null "$id"
    succeeds sampan exec "$id" dd if=/dev/disk of=/dev/null bs=512 count=1 >/dev/null
    succeeds sampan update --device-rm /dev/disk "$id" >/dev/null
    ends 1 sampan exec "$id" ls /dev/disk
    ends 1 sampan exec "$id" dd if=/node of=/dev/null bs=512 count=1
    contains "$output" "Operation not permitted"
    succeeds sampan exec "$id" sh -c 'echo x >/dev/null && head -c 1 /dev/zero' >/dev/null
}

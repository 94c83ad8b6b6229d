# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# --storage-opt size= on file systems with project quotas: /dev/vdc is an ext4, /dev/vdd an xfs where the host can make one. The distribution's
# kernels have quotas; that of the host need not.

test_ext4_keeps_a_container_within_its_size() {
    keeps ext4 /dev/vdc prjquota
}

test_xfs_keeps_a_container_within_its_size() {
    [ "$(head -c 4 /dev/vdd)" = XFSB ] || skip "the host has no mkfs.xfs"
    keeps xfs /dev/vdd pquota
}

# The overlay of a user namespace is made elsewhere than any other.
test_the_size_holds_in_a_user_namespace() {
    open_disk ext4 /dev/vdc prjquota
    ends 1 engine run --rm --uidmap 0:100000:65536 --storage-opt size=4M busybox dd if=/dev/zero of=/big bs=1M count=10 conv=fsync
    ends 0 engine run --rm --uidmap 0:100000:65536 --storage-opt size=4M busybox dd if=/dev/zero of=/big bs=1M count=2 conv=fsync
    close_disk
}

test_numbers_are_found_on_the_disk_and_freed() {
    open_disk ext4 /dev/vdc prjquota
    one=$(succeeds engine create --storage-opt size=1M busybox)
    two=$(succeeds engine create --storage-opt size=2M busybox)
    equal 1024 "$(size_of "$one")"
    equal 2048 "$(size_of "$two")"
    succeeds engine rm "$one" >/dev/null
    three=$(succeeds engine create --storage-opt size=3M busybox)
    equal 3072 "$(size_of "$three")"
    equal 2048 "$(size_of "$two")"
    succeeds engine rm "$two" "$three" >/dev/null
    close_disk
}

test_a_file_system_that_cannot_says_so() {
    open_disk ext4 /dev/vdc rw
    ends 1 engine create --storage-opt size=1M busybox
    contains "$output" "--storage-opt is supported only for overlay over xfs with 'pquota' mount option"
    contains "$output" "is on ext4 (/dev/vdc on "
    equal "" "$(succeeds engine ps -aq)"
    close_disk
    # What the machine itself lies on is memory.
    ends 1 sampan create --storage-opt size=1M busybox
    contains "$output" "is on tmpfs"
}

keeps() {
    open_disk "$@"
    id=$(succeeds engine run -d --storage-opt size=4M busybox sleep 1000)
    contains "$(succeeds engine exec "$id" df -k /)" " 4096 "
    ends 1 engine exec "$id" dd if=/dev/zero of=/big bs=1M count=10 conv=fsync
    case $output in *"quota exceeded"* | *"No space left"*) ;; *) fail "$output" ;; esac
    ends 0 engine run --rm busybox dd if=/dev/zero of=/big bs=1M count=10 conv=fsync
    ends 0 engine run --rm --storage-opt size=12m busybox dd if=/dev/zero of=/big bs=1M count=10 conv=fsync
    # What is freed counts no more, and the limit outlives a restart.
    succeeds engine exec "$id" rm /big
    succeeds engine exec "$id" dd if=/dev/zero of=/small bs=1M count=2 conv=fsync >/dev/null
    succeeds engine restart -t 0 "$id" >/dev/null
    ends 1 engine exec "$id" dd if=/dev/zero of=/big bs=1M count=3 conv=fsync
    succeeds engine rm -f "$id" >/dev/null
    close_disk
}

# size_of ID: kilobytes its upper directory has room for, as statfs tells.
size_of() {
    stat -f -c '%b %S' "$work/disk/containers/$1/upper" | awk '{ print $1 * $2 / 1024 }'
}

engine() {
    sampan --root "$work/disk" --state "$work/state" "$@"
}

open_disk() {
    modprobe quota_v2 2>/dev/null || true
    modprobe "$1" 2>/dev/null || true
    mkdir -p "$work/disk" "$work/state"
    mount -t "$1" -o "$3" "$2" "$work/disk" || skip "this kernel cannot mount $1 with $3"
    trap 'close_disk' EXIT
    succeeds engine load -qi /vm/busybox.tar >/dev/null
}

close_disk() {
    trap - EXIT
    engine ps -aq | xargs -r sampan --root "$work/disk" --state "$work/state" rm -f >/dev/null
    rm -rf "$work"/disk/*
    umount "$work/disk"
}

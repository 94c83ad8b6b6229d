# shellcheck shell=bash
# Sourced: crun beside us on a host of mixed control groups. Needs a folder of the caller's in $work.

# with_crun_cgroups COMMAND...: runs a command where /sys/fs/cgroup looks as crun wants it: on a mixed hierarchy, one tmpfs
# of the v1 controllers. Only in a mount namespace of its own: the host's mounts are not touched.
with_crun_cgroups() {
    local folder=${work:?}
    if ! [ -d /sys/fs/cgroup/memory ]; then
        "$@"
        return
    fi
    # shellcheck disable=SC2016 # for the inner shell
    unshare -m --propagation private bash -c '
        set -e
        mkdir "$0/cgroup"
        mount -t tmpfs none "$0/cgroup"
        for controller in /sys/fs/cgroup/*/; do
            name=$(basename "$controller")
            [ "$name" != unified ] || continue
            mkdir "$0/cgroup/$name"
            mount --rbind "$controller" "$0/cgroup/$name"
        done
        mkdir -p "$0/cgroup/hugetlb"
        mountpoint -q "$0/cgroup/hugetlb" || mount -t cgroup -o hugetlb none "$0/cgroup/hugetlb"
        mount --rbind "$0/cgroup" /sys/fs/cgroup
        "$@"' "$folder" "$@"
    rmdir "$folder/cgroup"
}

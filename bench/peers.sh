# shellcheck shell=bash
# Sourced by the benchmarks: a working folder, one busybox tree for every engine, and the peers, each with its data in that
# folder. Everything is stopped and removed when the script ends.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=eng/require.sh
. "$home/eng/require.sh"
# shellcheck source=eng/crun-cgroups.sh
. "$home/eng/crun-cgroups.sh"

[ "$(id -u)" = 0 ] || { echo "run the benchmarks as root" >&2; exit 1; }
require hyperfine hyperfine "measures commands"
require jq jq "reads hyperfine's results"
require busybox-static busybox "is the userland of every container measured"
"$home/eng/build"

work=$(mktemp -d /tmp/sampan-bench.XXXX)
built=$home/.build/bin/sampan
# The command with its global options, in front of a verb.
sampan=("$built" --root "$work/root" --state "$work/state")
dockerd_pid=''

clean_up() {
    # Whatever is already gone must not keep the rest from going.
    set +e
    local ids
    ids=$("${sampan[@]}" ps -aq 2>/dev/null)
    # shellcheck disable=SC2086 # one word per container
    [ -z "$ids" ] || "${sampan[@]}" rm -f $ids >/dev/null 2>&1
    if [ -n "${podman[*]:-}" ]; then
        "${podman[@]}" rm -fa >/dev/null 2>&1
    fi
    stop_docker
    # podman's store mounts its overlay folder on itself.
    awk -v work="$work" 'index($5, work) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r place; do umount "$place"; done
    rm -rf "$work"
    # Empty parents of control groups; an engine that is in use makes its own again.
    find /sys/fs/cgroup/{,*/}{sampan,sampan-bench,docker,libpod_parent} -depth -type d -exec rmdir {} \; 2>/dev/null
}

stop_docker() {
    if [ -n "$dockerd_pid" ]; then
        "${docker[@]}" ps -aq | xargs -r "${docker[@]}" rm -f >/dev/null 2>&1
        kill "$dockerd_pid" 2>/dev/null && wait "$dockerd_pid" 2>/dev/null
        dockerd_pid=''
    fi
}
trap clean_up EXIT
export work
# shellcheck source=bench/measure.sh
. "$home/bench/measure.sh"
trap 'exit 130' INT TERM

# make_rootfs: the image busybox in sampan's store and the same tree in $work/bundle/rootfs.
make_rootfs() {
    "$home/eng/busybox-image" "$built" "$work/root" "$work/state" 2>/dev/null
    mkdir -p "$work/bundle/rootfs"
    cp -a "$work"/root/layers/*/. "$work/bundle/rootfs"
}

# What dockerd is told of networks: nothing is measured that has one, unless a script says otherwise.
docker_network=(--iptables=false --ip6tables=false --bridge=none)

# start_docker: dockerd with its own data, socket and mount namespace; sets the array docker.
start_docker() {
    require docker.io dockerd "is measured against"
    mkdir -p "$work/docker"
    docker=(docker -H "unix://$work/docker.sock")
    unshare -m --propagation private dockerd -H "unix://$work/docker.sock" --data-root "$work/docker/data" --exec-root "$work/x" \
        --pidfile "$work/docker/pid" --storage-driver overlay2 "${docker_network[@]}" \
        >"$work/docker/log" 2>&1 &
    dockerd_pid=$!
    local tries=0
    until "${docker[@]}" version >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$dockerd_pid" 2>/dev/null; then
            tail -5 "$work/docker/log" >&2
            echo "dockerd does not start" >&2
            exit 1
        fi
        sleep 0.1
    done
    tar -C "$work/bundle/rootfs" -c . | "${docker[@]}" import - busybox >/dev/null
}

# make_podman: sets the arrays podman and podman_run (what its run needs here).
make_podman() {
    require podman podman "is measured against"
    podman=(podman --root "$work/podman/root" --runroot "$work/podman/run" --tmpdir "$work/podman/tmp" --cgroup-manager cgroupfs
        --storage-driver overlay --events-backend file)
    if [ -d /sys/fs/cgroup/memory ]; then
        # crun refuses the mixed hierarchy of such a host.
        podman+=(--runtime runc)
    fi
    # Raising a limit needs CAP_SYS_RESOURCE, which a confined host may lack.
    # shellcheck disable=SC2034 # for the scripts that source this
    podman_run=(run --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --network none)
    tar -C "$work/bundle/rootfs" -c . | "${podman[@]}" import - busybox >/dev/null 2>&1
}

# make_bundle: an OCI bundle around the tree, with the system call filter dockerd writes for its own containers.
make_bundle() {
    require runc runc "is measured against"
    local id config
    id=$("${docker[@]}" run -d --network none busybox sleep 1000)
    config=$(find "$work/x" -path "*$id/config.json" | head -1)
    jq '.linux.seccomp' "$config" >"$work/seccomp.json"
    "${docker[@]}" rm -f "$id" >/dev/null
    (cd "$work/bundle" && runc spec)
    jq --slurpfile seccomp "$work/seccomp.json" \
        '.process.terminal = false | .process.args = ["true"] | .linux.seccomp = $seccomp[0] | .linux.cgroupsPath = "/sampan-bench"' \
        "$work/bundle/config.json" >"$work/config.json"
    mv "$work/config.json" "$work/bundle/config.json"
}

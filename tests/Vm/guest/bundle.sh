# shellcheck shell=dash
# shellcheck disable=SC2154 # $work is set by one
# OCI bundles for /bin/runtime, which has runc's command line.

# runtime ARGUMENTS...: the runtime with a state directory of the tests' own.
runtime() {
    /bin/runtime --root /run/runtime "$@"
}

# bundle NAME COMMAND...: a bundle in $work/NAME over the busybox tree, in the cgroup /vm/NAME. These variables hold JSON that goes into it:
#   resources   members of linux.resources            namespaces  further members of linux.namespaces
#   linux       further members of linux              document    further members of the document
#   mounts      further mounts                        process     further members of process
# and own the types of the namespaces of its own: all but user and time unless it is set.
bundle() {
    local name=$1 arguments='' spaces='' word
    shift
    for word in ${own:-mount pid ipc uts network cgroup}; do
        spaces="$spaces${spaces:+, }{\"type\": \"$word\"}"
    done
    for word in "$@"; do
        arguments="$arguments${arguments:+, }\"$(printf '%s' "$word" | sed 's/[\\"]/\\&/g')\""
    done
    mkdir -p "$work/$name"
    cat >"$work/$name/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false, "cwd": "/", "args": [$arguments], "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0},
    "capabilities": {$(for set in bounding effective permitted; do
        printf '"%s": ["CAP_KILL", "CAP_MKNOD", "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE", "CAP_SETUID", "CAP_SETGID"]' $set
        [ $set = permitted ] || printf ', '
    done)}${process:+, $process}
  },
  "root": {"path": "/tmp/tree", "readonly": true},
  "hostname": "$name",
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
    {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}${mounts:+, $mounts}
  ],
  "linux": {
    "cgroupsPath": "/vm/$name",
    "namespaces": [$spaces${namespaces:+, $namespaces}],
    "resources": {${resources:-}}${linux:+, $linux}
  }${document:+, $document}
}
JSON
}

# up NAME COMMAND...: a bundle's running container of that name.
up() {
    bundle "$@"
    runtime run --detach --bundle "$work/$1" "$1" </dev/null >"$work/$1/output" 2>&1 || fail "run $1: $(cat "$work/$1/output")"
}

# once NAME COMMAND...: runs a bundle to its end; its code is in $code, what it says in $output.
once() {
    bundle "$@"
    code=0
    # shellcheck disable=SC2034 # for the tests
    output=$(runtime run --bundle "$work/$1" "$1" 2>&1 </dev/null) || code=$?
}

# knob NAME FILE: a control file of a bundle's container.
knob() {
    cat "/sys/fs/cgroup/vm/$1/$2"
}

# down NAME: the end of a container, and of the parent group, which the runtime was given.
down() {
    succeeds runtime delete --force "$1" >/dev/null
    rmdir /sys/fs/cgroup/vm 2>/dev/null || true
}

# needs_runtime [COMMAND]: skips where there is no such binary, or it does not know the command.
needs_runtime() {
    [ -x /bin/runtime ] || skip "there is no OCI runtime"
    [ $# -eq 0 ] || runtime --help 2>&1 | grep -qw "$1" || skip "the runtime has no $1"
}

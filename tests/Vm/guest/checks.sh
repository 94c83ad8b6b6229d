# shellcheck shell=dash
# What the tests say. An assertion that does not hold prints why and ends the test.

fail() {
    echo "$*" >&2
    exit 1
}

skip() {
    echo "$*"
    exit 77
}

# equal EXPECTED ACTUAL WHAT
equal() {
    [ "$1" = "$2" ] || fail "${3:-value}: \"$2\" where \"$1\" is expected"
}

# contains TEXT PART
contains() {
    case $1 in *"$2"*) ;; *) fail "\"$2\" is not in: $1" ;; esac
}

# at_least NUMBER ACTUAL WHAT
at_least() {
    [ "$2" -ge "$1" ] || fail "${3:-value}: $2 where at least $1 is expected"
}

# at_most NUMBER ACTUAL WHAT
at_most() {
    [ "$2" -le "$1" ] || fail "${3:-value}: $2 where at most $1 is expected"
}

# succeeds COMMAND...: its output; what it says when it fails.
succeeds() {
    local output
    output=$("$@" 2>&1) || fail "code $? from: $*: $output"
    printf '%s\n' "$output"
}

# ends CODE COMMAND...: the command's code; output and errors are in $output.
ends() {
    local expected=$1 code=0
    shift
    output=$("$@" 2>&1) || code=$?
    [ $code -eq "$expected" ] || fail "code $code where $expected is expected from: $*: $output"
}

# eventually COMMAND...: for what happens soon and announces itself to no shell.
eventually() {
    local deadline
    deadline=$(($(now) + 20000))
    until "$@" >/dev/null 2>&1; do
        [ "$(now)" -lt $deadline ] || fail "not within 20 s: $*"
        usleep 20000
    done
}

# now: milliseconds since boot.
now() {
    local seconds rest
    IFS='. ' read -r seconds rest _ </proc/uptime
    echo $((seconds * 1000 + ${rest#0} * 10))
}

# detached FLAGS... IMAGE COMMAND...: a running container's id.
detached() {
    succeeds sampan run -d "$@"
}

# control ID FILE: a control file of a container of the engine.
control() {
    cat "/sys/fs/cgroup/sampan/$1/$2"
}

# counter FILE KEY: a number in a file of "key number" lines.
counter() {
    sed -n "s/^$2 //p" "$1"
}

# above FILE KEY NUMBER: for eventually.
above() {
    [ "$(counter "$1" "$2")" -gt "$3" ]
}

# has FILE TEXT: for eventually.
has() {
    grep -qF "$2" "$1"
}

# field ID FORMAT
field() {
    succeeds sampan inspect -f "{{$2}}" "$1"
}

# make_tree DIRECTORY: busybox as a root file system.
make_tree() {
    mkdir -p "$1/bin" "$1/dev" "$1/etc" "$1/proc" "$1/sys" "$1/tmp"
    cp /bin/busybox "$1/bin/busybox"
    busybox --list | while read -r applet; do
        [ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}

# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# cgroup.freeze: commit stops a container while it reads its files.

test_commit_freezes_and_thaws() {
    id=$(written)
    watch "$id" &
    watcher=$!
    succeeds sampan commit "$id" frozen >/dev/null
    touch "$work/done"
    wait $watcher || fail "not frozen at any time of the commit"
    goes_on "$id"
    succeeds sampan rmi frozen >/dev/null
}

test_commit_without_a_pause_does_not_freeze() {
    id=$(written)
    watch "$id" &
    watcher=$!
    succeeds sampan commit --pause=false "$id" loose >/dev/null
    touch "$work/done"
    if wait $watcher; then fail "frozen by commit --pause=false"; fi
    goes_on "$id"
    succeeds sampan rmi loose >/dev/null
}

test_a_commit_that_is_killed_thaws() {
    id=$(written)
    sampan commit "$id" never >/dev/null 2>&1 &
    commit=$!
    eventually frozen "$id" 1
    kill -9 $commit
    wait $commit || true
    eventually frozen "$id" 0
    goes_on "$id"
    ends 1 sampan inspect --type image never
}

test_stop_of_one_that_is_frozen() {
    id=$(detached busybox sleep 1000)
    echo 1 >"/sys/fs/cgroup/sampan/$id/cgroup.freeze"
    eventually frozen "$id" 1
    succeeds timeout 30 sampan stop -t 1 "$id" >/dev/null
    equal 137 "$(field "$id" .State.ExitCode)"
}

test_rm_of_one_that_is_frozen() {
    id=$(detached busybox sh -c 'sleep 1000 & sleep 1000')
    echo 1 >"/sys/fs/cgroup/sampan/$id/cgroup.freeze"
    eventually frozen "$id" 1
    succeeds timeout 30 sampan rm -f "$id" >/dev/null
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
}

# A container that counts, with so much written that reading it takes a while.
written() {
    id=$(detached busybox sh -c 'head -c 8000000 /dev/urandom >/big; echo ready; while :; do :; done')
    eventually is_ready "$id"
    echo "$id"
}

is_ready() {
    sampan logs "$1" | grep -q ready
}

frozen() {
    grep -q "frozen $2" "/sys/fs/cgroup/sampan/$1/cgroup.events"
}

# Looks until the commit is over, without a process a look.
watch() {
    while [ ! -e "$work/done" ]; do
        while read -r key value; do
            [ "$key $value" != "frozen 1" ] || exit 0
        done <"/sys/fs/cgroup/sampan/$1/cgroup.events"
    done
    exit 1
}

goes_on() {
    frozen "$1" 0 || fail "frozen after the commit"
    stat=/sys/fs/cgroup/sampan/$1/cpu.stat
    eventually above "$stat" usage_usec "$(counter "$stat" usage_usec)"
}

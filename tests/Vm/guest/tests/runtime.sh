# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# The OCI runtime: what an engine's command line has no words for. bundle.sh tells how to define a bundle.

test_every_limit_is_written() {
    needs_runtime
    resources='"memory": {"limit": 67108864, "reservation": 33554432, "swap": 100663296}, "pids": {"limit": 17},
        "cpu": {"shares": 512, "quota": 20000, "period": 50000, "cpus": "1", "mems": "0"}, "blockIO": {"weight": 500},
        "hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}], "unified": {"memory.high": "50331648", "cgroup.max.depth": "3"}'
    up limits sleep 1000
    equal 67108864 "$(knob limits memory.max)" memory.max
    equal 33554432 "$(knob limits memory.low)" memory.low
    equal 33554432 "$(knob limits memory.swap.max)" memory.swap.max
    equal 50331648 "$(knob limits memory.high)" memory.high
    equal 17 "$(knob limits pids.max)" pids.max
    equal "20000 50000" "$(knob limits cpu.max)" cpu.max
    equal 1 "$(knob limits cpuset.cpus)" cpuset.cpus
    equal 0 "$(knob limits cpuset.mems)" cpuset.mems
    equal 4194304 "$(knob limits hugetlb.2MB.max)" hugetlb.2MB.max
    equal 3 "$(knob limits cgroup.max.depth)" cgroup.max.depth
    # Version 1's 10 to 1000 on version 2's 1 to 10000.
    equal "default 4950" "$(knob limits io.weight)" io.weight
    down limits
}

test_reading_a_disk_is_throttled() {
    needs_runtime
    resources="\"blockIO\": {\"throttleReadBpsDevice\": [{$(disk), \"rate\": 2097152}]}, \"devices\": [{\"allow\": true, \"access\": \"rwm\"}]"
    linux="\"devices\": [{\"path\": \"/dev/disk\", \"type\": \"b\", $(disk)}]"
    up slow sleep 1000
    contains "$(knob slow io.max)" "rbps=2097152"
    began=$(now)
    succeeds runtime exec slow dd if=/dev/disk of=/dev/null bs=65536 count=64 iflag=direct >/dev/null
    at_least 1500 $(($(now) - began)) "milliseconds for 4 MiB at 2 MiB/s"
    down slow
}

test_huge_pages_are_limited() {
    needs_runtime
    resources='"hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}]'
    mounts='{"destination": "/huge", "type": "hugetlbfs", "source": "hugetlbfs", "options": ["rw"]}'
    up huge sleep 1000
    succeeds runtime exec huge fallocate -l 4194304 /huge/file
    equal 4194304 "$(knob huge hugetlb.2MB.current)" hugetlb.2MB.current
    ends 1 runtime exec huge fallocate -l 6291456 /huge/file
    down huge
}

test_device_rules_decide_by_kind_number_and_access() {
    needs_runtime
    resources="\"devices\": [{\"allow\": false, \"access\": \"rwm\"}, {\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 3, \"access\": \"rw\"},
        {\"allow\": true, \"type\": \"b\", $(disk), \"access\": \"rm\"}, {\"allow\": true, \"type\": \"c\", \"major\": 1, \"access\": \"m\"}]"
    up rules sleep 1000
    succeeds runtime exec rules sh -c "mknod /tmp/disk b $(tr : ' ' </sys/class/block/vda/dev) && head -c 1 /tmp/disk" >/dev/null
    ends 1 runtime exec rules sh -c 'echo >/tmp/disk'
    contains "$output" "Operation not permitted"
    # Making is allowed and opening is not.
    succeeds runtime exec rules mknod /tmp/kmsg c 1 11
    ends 1 runtime exec rules head -c 1 /tmp/kmsg
    contains "$output" "Operation not permitted"
    down rules
}

test_a_rule_can_refuse_one_of_all() {
    needs_runtime
    resources="\"devices\": [{\"allow\": true, \"access\": \"rwm\"}, {\"allow\": false, \"type\": \"b\", $(disk), \"access\": \"w\"}]"
    linux="\"devices\": [{\"path\": \"/dev/disk\", \"type\": \"b\", $(disk)}]"
    up refusing sleep 1000
    succeeds runtime exec refusing head -c 1 /dev/disk >/dev/null
    ends 1 runtime exec refusing sh -c 'echo >/dev/disk'
    contains "$output" "Operation not permitted"
    down refusing
}

test_out_of_memory_is_137() {
    needs_runtime
    resources='"memory": {"limit": 16777216, "swap": 16777216}'
    once hungry sh -c 'x=a; while :; do x=$x$x; done'
    equal 137 "$code" "code of: $output"
    down hungry
}

test_exec_lands_in_the_same_group() {
    needs_runtime
    up joined sleep 1000
    runtime exec joined sleep 1001 &
    eventually runs joined 1001
    eventually runs joined 1000
    down joined
    wait
}

# runs NAME SECONDS: whether a sleep of that length is in the container's group.
runs() {
    local pid
    for pid in $(knob "$1" cgroup.procs); do
        [ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" != "sleep $2 " ] || return 0
    done
    return 1
}

# A container with a user namespace of its own; $first is its process.
mapped() {
    namespaces='{"type": "user"}'
    linux='"uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]'
    up mapped sleep 1000
    first=$(knob mapped cgroup.procs)
}

test_a_user_namespace() {
    needs_runtime
    mapped
    equal "0 100000 65536" "$(succeeds runtime exec mapped awk '{ print $1, $2, $3 }' /proc/self/uid_map)"
    equal 100000 "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$first/status")" "user id on the host"
    equal 0::/ "$(succeeds runtime exec mapped cat /proc/self/cgroup)"
    down mapped
}

test_joining_a_user_namespace() {
    needs_runtime
    mapped
    namespaces="{\"type\": \"user\", \"path\": \"/proc/$first/ns/user\"}"
    up joining sleep 1000
    second=$(knob joining cgroup.procs)
    equal "$(readlink "/proc/$first/ns/user")" "$(readlink "/proc/$second/ns/user")" "user namespace"
    equal "0 100000 65536" "$(succeeds runtime exec joining awk '{ print $1, $2, $3 }' /proc/self/uid_map)"
    down joining
    down mapped
}

test_a_namespace_of_groups_and_a_tree_that_is_read_only() {
    needs_runtime
    up inside sleep 1000
    equal 0::/ "$(succeeds runtime exec inside cat /proc/self/cgroup)"
    ends 1 runtime exec inside mkdir /sys/fs/cgroup/inner
    contains "$output" "Read-only file system"
    down inside
}

test_kill_reaches_all_in_the_hosts_pid_namespace() {
    needs_runtime
    own='mount ipc uts network cgroup'
    up shared sh -c 'setsid sleep 2000 & setsid sleep 2001 & sleep 2002'
    eventually has_three shared
    equal "$(readlink /proc/1/ns/pid)" "$(readlink "/proc/$(knob shared cgroup.procs | head -n 1)/ns/pid")" "pid namespace"
    succeeds runtime kill --all shared KILL
    eventually nothing_sleeps
    down shared
}

has_three() {
    [ "$(knob "$1" cgroup.procs | wc -l)" -ge 3 ]
}

nothing_sleeps() {
    ! pidof sleep
}

test_delete_removes_groups_made_inside() {
    needs_runtime
    up outer sleep 1000
    mkdir -p /sys/fs/cgroup/vm/outer/a/b
    knob outer cgroup.procs >/sys/fs/cgroup/vm/outer/a/b/cgroup.procs
    down outer
    [ ! -e /sys/fs/cgroup/vm/outer ] || fail "the group outlives its container"
    eventually nothing_sleeps
}

test_state_tells_the_life() {
    needs_runtime state
    bundle living sleep 1000
    # The container keeps the streams.
    runtime create --bundle "$work/living" living </dev/null >"$work/create" 2>&1 || fail "create: $(cat "$work/create")"
    equal created "$(status living)"
    succeeds runtime start living
    equal running "$(status living)"
    succeeds runtime kill living KILL
    eventually is_stopped living
    down living
    ends 1 runtime state living
}

status() {
    runtime state "$1" | sed -n 's/.*"status": *"\([a-z]*\)".*/\1/p'
}

is_stopped() {
    [ "$(status "$1")" = stopped ]
}

test_pause_and_resume() {
    needs_runtime pause
    up paused sh -c 'while :; do :; done'
    succeeds runtime pause paused
    contains "$(knob paused cgroup.events)" "frozen 1"
    equal paused "$(status paused)"
    before=$(counter /sys/fs/cgroup/vm/paused/cpu.stat usage_usec)
    usleep 100000
    equal "$before" "$(counter /sys/fs/cgroup/vm/paused/cpu.stat usage_usec)" "time used while paused"
    succeeds runtime resume paused
    contains "$(knob paused cgroup.events)" "frozen 0"
    eventually above /sys/fs/cgroup/vm/paused/cpu.stat usage_usec "$before"
    succeeds runtime pause paused
    down paused
}

test_update_changes_limits() {
    needs_runtime update
    resources='"memory": {"limit": 67108864, "swap": 67108864}, "pids": {"limit": 17}'
    up updated sleep 1000
    succeeds runtime update --memory 33554432 --memory-swap 50331648 --pids-limit 23 --cpu-quota 25000 --cpu-period 50000 --cpu-share 1024 updated
    equal 33554432 "$(knob updated memory.max)" memory.max
    equal 16777216 "$(knob updated memory.swap.max)" memory.swap.max
    equal 23 "$(knob updated pids.max)" pids.max
    equal "25000 50000" "$(knob updated cpu.max)" cpu.max
    echo '{"pids": {"limit": 29}, "cpu": {"cpus": "1"}}' | succeeds runtime update -r - updated
    equal 29 "$(knob updated pids.max)" "pids.max from a document"
    equal 1 "$(knob updated cpuset.cpus)" "cpuset.cpus from a document"
    equal 33554432 "$(knob updated memory.max)" "memory.max, which the document leaves out"
    down updated
}

test_events_have_the_numbers() {
    needs_runtime events
    resources='"memory": {"limit": 67108864}, "pids": {"limit": 17}'
    up counted sh -c 'head -c 8000000 /dev/zero >/tmp/file; sleep 1000'
    eventually above_in_all counted 8000000
    stats=$(succeeds runtime events --stats counted)
    contains "$stats" '"type":"stats"'
    contains "$stats" '"limit":67108864'
    contains "$stats" '"limit":17'
    at_least 8000000 "$(echo "$stats" | sed -n 's/.*"memory":{[^}]*"usage":{[^}]*"usage":\([0-9]*\).*/\1/p')" "memory in use"
    down counted
}

above_in_all() {
    [ "$(knob "$1" memory.current)" -gt "$2" ]
}

test_ps_lists_what_is_inside() {
    needs_runtime ps
    up listed sleep 1000
    equal "[$(knob listed cgroup.procs)]" "$(succeeds runtime ps --format json listed)"
    down listed
}

test_a_bad_limit_leaves_nothing() {
    needs_runtime
    resources='"cpu": {"cpus": "4000"}'
    once wrong sleep 1000
    [ "$code" -ne 0 ] || fail "a CPU that is not there is accepted"
    [ ! -e /sys/fs/cgroup/vm/wrong ] || fail "the group is left"
    equal "" "$(runtime list -q)" "containers"
    rmdir /sys/fs/cgroup/vm 2>/dev/null || true
}

disk() {
    sed 's/\(.*\):\(.*\)/"major": \1, "minor": \2/' /sys/class/block/vda/dev
}

test_a_relative_path_is_beside_the_callers_group() {
    needs_runtime
    mkdir -p /sys/fs/cgroup/outer/caller
    bundle near sleep 1000
    sed -i 's|"/vm/near"|"near/by"|' "$work/near/config.json"
    # shellcheck disable=SC2016 # for the inner shell
    sh -c 'echo 0 >/sys/fs/cgroup/outer/caller/cgroup.procs; exec /bin/runtime --root /run/runtime run --detach --bundle "$1" near' sh "$work/near" \
        </dev/null >"$work/near/output" 2>&1 || fail "$(cat "$work/near/output")"
    equal 1 "$(wc -l </sys/fs/cgroup/outer/near/by/cgroup.procs)" "processes in outer/near/by"
    # From elsewhere it is the same.
    succeeds runtime pause near
    contains "$(succeeds runtime state near)" paused
    succeeds runtime delete --force near
    [ ! -d /sys/fs/cgroup/outer/near/by ] || fail "the group is still there"
    rmdir /sys/fs/cgroup/outer/near /sys/fs/cgroup/outer/caller /sys/fs/cgroup/outer
}

# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# The engine's commands on a host with cgroup v2.

test_controllers_are_enabled_down_to_the_container() {
    equal "" "$(cat /tmp/enabled)" "enabled below the root before the first container"
    id=$(detached busybox sleep 1000)
    for controller in cpuset cpu io memory hugetlb pids; do
        contains " $(cat /sys/fs/cgroup/cgroup.controllers) " " $controller "
        contains " $(control "$id" cgroup.controllers) " " $controller "
    done
}

test_run() {
    equal "hello" "$(succeeds sampan run --rm busybox echo hello)"
    ends 3 sampan run --rm busybox sh -c 'exit 3'
    ends 127 sampan run --rm busybox no-such-command
}

test_ps_logs_and_wait() {
    id=$(detached --name speaker busybox sh -c 'echo one; echo two >&2; read -r _ </dev/zero; sleep 1000')
    equal speaker "$(succeeds sampan ps --filter status=running --format '{{.Names}}')"
    eventually logs_have two
    equal "one two" "$(succeeds sampan logs speaker | tr '\n' ' ' | sed 's/ $//')"
    succeeds sampan kill "$id" >/dev/null
    equal 137 "$(succeeds sampan wait speaker)"
    contains "$(succeeds sampan ps -a --format '{{.Status}}')" "Exited (137)"
}

logs_have() {
    sampan logs speaker 2>&1 | grep -q "$1"
}

test_stats_and_top() {
    id=$(detached --name measured -m 64m --cpus 0.5 busybox sh -c 'while :; do :; done')
    row=$(succeeds sampan stats --no-stream --format '{{.MemUsage}}|{{.PIDs}}|{{.CPUPressure}}|{{.CPUPerc}}' measured)
    contains "$row" " / 64MiB|1|"
    contains "$row" "%|"
    [ "${row##*|}" != 0.00% ] || fail "a loop uses no CPU: $row"
    contains "$(succeeds sampan top measured -o pid,comm)" "sh"
}

test_exec_lands_in_the_same_group() {
    id=$(detached -m 64m --pids-limit 20 busybox sleep 1000)
    sampan exec "$id" sleep 1001 &
    # Both sleeps, and nothing of the engine.
    eventually group_has "$id" 2
    for pid in $(control "$id" cgroup.procs); do
        equal "0::/sampan/$id" "$(cat "/proc/$pid/cgroup")"
        contains "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "sleep 100"
    done
    equal 0::/ "$(succeeds sampan exec "$id" cat /proc/self/cgroup)"
    succeeds sampan rm -f "$id" >/dev/null
    wait
}

group_has() {
    [ "$(control "$1" cgroup.procs | wc -l)" -eq "$2" ]
}

test_exec_is_limited_with_its_container() {
    id=$(detached -m 10m --memory-swap 10m busybox sleep 1000)
    ends 137 sampan exec "$id" sh -c 'head -c 20000000 /dev/zero | tail -c 20000000 >/dev/null; exit $?'
    equal true "$(field "$id" .State.Running)"
    at_least 1 "$(counter "/sys/fs/cgroup/sampan/$id/memory.events" oom_kill)" oom_kill
}

test_stop_and_start_again() {
    id=$(detached -m 64m busybox sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 1000 & wait $!; done')
    eventually ready "$id"
    succeeds sampan stop "$id" >/dev/null
    equal 5 "$(field "$id" .State.ExitCode)"
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
    succeeds sampan start "$id" >/dev/null
    equal 67108864 "$(control "$id" memory.max)" "memory.max of the second start"
}

ready() {
    sampan logs "$1" | grep -q ready
}

test_stop_kills_what_does_not_listen() {
    id=$(detached busybox sh -c 'trap "" TERM; echo ready; while :; do sleep 1000; done')
    eventually ready "$id"
    succeeds sampan stop -t 1 "$id" >/dev/null
    equal 137 "$(field "$id" .State.ExitCode)"
}

test_remove() {
    id=$(detached busybox sleep 1000)
    ends 1 sampan rm "$id"
    succeeds sampan rm -f "$id" >/dev/null
    [ ! -e "/sys/fs/cgroup/sampan/$id" ] || fail "the group outlives its container"
    ends 1 sampan inspect "$id"
}

test_commit_and_run_the_image() {
    id=$(detached busybox sh -c 'rm /etc/group; mkdir /made; echo written >/made/file; echo ready; sleep 1000')
    eventually ready "$id"
    succeeds sampan commit "$id" changed >/dev/null
    equal written "$(succeeds sampan run --rm changed cat /made/file)"
    ends 1 sampan run --rm changed test -e /etc/group
    succeeds sampan rm -f "$id" >/dev/null
    succeeds sampan rmi changed >/dev/null
}

test_overlay_hides_replaces_and_keeps_the_image() {
    equal "overlay new gone" "$(succeeds sampan run --rm busybox sh -c '
        rm -r /var/www && mkdir /var/www && echo new >/var/www/file && rm /etc/shadow
        mount | sed -n "s/^\([^ ]*\) on \/ .*/\1/p" | tr "\n" " "
        cat /var/www/file | tr "\n" " "
        [ -e /etc/shadow ] || echo gone')"
    succeeds sampan run --rm busybox test -e /etc/shadow
}

test_info_tells_the_version() {
    contains "$(succeeds sampan info)" "Cgroup Version: 2"
}

test_explain_names_every_file() {
    output=$(succeeds sampan run --explain -m 64m --cpus 0.5 --pids-limit 9 busybox true)
    contains "$output" memory.max
    contains "$output" cpu.max
    contains "$output" pids.max
    contains "$output" /sys/fs/cgroup/sampan/
}

test_explain_tells_limits_and_what_became_of_them() {
    id=$(detached --name told -m 64m --cpus 0.5 --pids-limit 20 busybox sleep 1000)
    text=$(succeeds sampan explain told)
    contains "$text" "/sys/fs/cgroup/sampan/$id"
    contains "$text" "50000 100000"
    contains "$text" "# --memory 67108864"
    contains "$text" "all others"
    case $text in *"changed since"*) fail "nothing has changed: $text" ;; esac
    echo 30 >"/sys/fs/cgroup/sampan/$id/pids.max"
    echo 50 >"/sys/fs/cgroup/sampan/$id/cpu.weight"
    equal "pids.max=30 cpu.weight=50 " "$(succeeds sampan explain -f '{{range .Cgroup}}{{if .Changed}}{{.Name}}={{.Value}} {{end}}{{end}}' told)"
}

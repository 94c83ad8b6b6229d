# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# checkpoint and restore, by the real criu.

# Counts in memory, tells it in a file, and ends with 7 when it is told to.
counting='i=0; until [ -e /tmp/end ]; do i=$((i + 1)); echo $i >/tmp/count; echo $i; usleep 20000; done; exit 7'

# Both ends of a connection, with words on their way all the time; then it counts.
talking="sleep 1000 | nc -l -p 9999 >>/tmp/heard & until netstat -ltn | grep -q :9999; do usleep 20000; done; (while :; do echo word; usleep 50000; done) | nc 127.0.0.1 9999 & $counting"

test_it_goes_on_where_it_was() {
    needs_criu
    mkdir "$work/shared" "$work/fixed"
    echo first >"$work/shared/file"
    echo secret >"$work/secret"
    mounts="{\"destination\": \"/shared\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"bind\"]},
        {\"destination\": \"/shared/fixed\", \"type\": \"bind\", \"source\": \"$work/fixed\", \"options\": [\"bind\", \"ro\"]},
        {\"destination\": \"/etc/secret\", \"type\": \"bind\", \"source\": \"$work/secret\", \"options\": [\"bind\", \"ro\"]}"
    linux='"maskedPaths": ["/proc/kcore", "/proc/asound", "/sys/firmware", "/not/there"], "readonlyPaths": ["/proc/sys", "/proc/irq"],
        "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chroot"], "action": "SCMP_ACT_ERRNO"}]}'
    begin went sh -c "$counting"
    eventually reached went 5
    dump went
    gone went
    # What was made for the mounts at the start need not be there at the restore.
    rmdir /tmp/tree/shared
    revive went --pid-file "$work/pid"
    equal running "$(status went)"
    first=$(cat "$work/pid")
    equal "$first" "$(knob went cgroup.procs | head -n 1)" "pid file"
    at_least "$last" "$(count went)" count
    eventually reached went $(($(count went) + 1))
    told=$(succeeds runtime exec went sh -c 'cat /shared/file /etc/secret; hostname; echo $$; id -u')
    contains "$told" first
    contains "$told" secret
    contains "$told" went
    echo second >"$work/shared/file"
    equal second "$(succeeds runtime exec went cat /shared/file)"
    ends 1 runtime exec went touch /shared/fixed/file
    contains "$output" "Read-only file system"
    ends 1 runtime exec went sh -c 'echo >/proc/sys/kernel/domainname'
    equal 0 "$(runtime exec went sh -c 'cat /proc/kcore | head -c 16 | wc -c')" "bytes of a masked file"
    equal 2 "$(sed -n 's/^Seccomp:\t//p' "/proc/$first/status")" "seccomp mode"
    succeeds runtime kill went KILL
    eventually is_stopped went
    down went
}

test_the_root_stays_read_only_and_the_time_is_one() {
    needs_criu
    ours
    begin kept sh -c "$counting"
    eventually reached kept 3
    dump kept --shell-job --file-locks --ext-unix-sk --tcp-established --empty-ns network
    revive kept --shell-job --file-locks --ext-unix-sk --tcp-established --empty-ns network
    ends 1 runtime exec kept touch /etc/new
    contains "$output" "Read-only file system"
    first=$(knob kept cgroup.procs | head -n 1)
    equal "$(readlink "/proc/$first/ns/time")" "$(succeeds runtime exec kept readlink /proc/self/ns/time)" "time namespace of an exec"
    equal "$(readlink "/proc/$first/ns/cgroup")" "$(succeeds runtime exec kept readlink /proc/self/ns/cgroup)" "cgroup namespace of an exec"
    equal 0::/ "$(succeeds runtime exec kept cat /proc/self/cgroup)"
    contains "$(succeeds runtime exec kept ip link show lo)" "LOOPBACK,UP"
    [ ! -e /tmp/tree/crtools ] || fail "criu left something in the root"
    down kept
}

test_one_that_is_left_running_can_be_dumped_again() {
    needs_criu
    begin twice sh -c "$counting"
    eventually reached twice 3
    dump twice --leave-running --image-path "$work/first"
    equal running "$(status twice)"
    contains "$(knob twice cgroup.events)" "frozen 0"
    eventually reached twice $((last + 1))
    dump twice
    gone twice
    # In the foreground: its output, its exit code, and its end is the container's.
    runtime restore --image-path "$work/image" --work-path "$work/log" --bundle "$work/twice" twice </dev/null >"$work/later" 2>&1 &
    restore=$!
    eventually has "$work/later" "$((last + 5))"
    touch "$(inside twice)/tmp/end"
    code=0
    wait $restore || code=$?
    equal 7 "$code" "exit code: $(tail -n 2 "$work/later")"
    gone twice
    rmdir /sys/fs/cgroup/vm
}

test_memory_is_written_before() {
    needs_criu
    begin early sh -c "$counting"
    eventually reached early 3
    dump early --pre-dump --image-path "$work/before"
    equal running "$(status early)"
    ends 1 runtime checkpoint --image-path "$work/image" --parent-path "$work/before" early
    contains "$output" "--parent-path must be relative"
    ends 1 runtime checkpoint --image-path "$work/image" --parent-path ../nothing early
    contains "$output" "invalid --parent-path"
    dump early --parent-path ../before --auto-dedup
    [ -e "$work/image/parent" ] || fail "the images do not name their parent"
    revive early --auto-dedup
    eventually reached early $((last + 1))
    down early
}

test_locks_and_sockets_from_outside() {
    needs_criu
    [ -x /bin/flock ] || skip "there is no flock"
    # syslogd makes /dev/log of the machine; logger holds a connection to it.
    syslogd -n -O "$work/syslog" &
    log=$!
    eventually test -S /dev/log
    mounts='{"destination": "/bin/flock", "type": "bind", "source": "/bin/flock", "options": ["bind", "ro"]},
        {"destination": "/lib", "type": "bind", "source": "/lib", "options": ["rbind", "ro"]},
        {"destination": "/lib64", "type": "bind", "source": "/lib64", "options": ["rbind", "ro"]},
        {"destination": "/dev/log", "type": "bind", "source": "/dev/log", "options": ["bind"]}'
    # A socket is known where its peer is: in the network namespace of the machine.
    own='mount pid ipc uts cgroup'
    begin outward sh -c "(while :; do echo note; usleep 50000; done) | logger & exec flock /tmp/lock sh -c '$counting'"
    eventually reached outward 3
    eventually has "$work/syslog" note
    refuses outward --ext-unix-sk file-locks
    refuses outward --file-locks ext-unix-sk
    last=$(count outward)
    eventually reached outward $((last + 1))
    dump outward --ext-unix-sk --file-locks
    : >"$work/syslog"
    revive outward --ext-unix-sk --file-locks
    eventually reached outward $((last + 1))
    ends 1 runtime exec outward flock -n /tmp/lock true
    eventually has "$work/syslog" note
    down outward
    kill $log
    wait $log || true
    rm -f /dev/log
}

# refuses NAME FLAG WORDS: criu does, with these words in its log, and the container goes on.
refuses() {
    ends 1 runtime checkpoint "$2" --image-path "$work/image" --work-path "$work/log" "$1"
    contains "$output" "criu failed: type"
    contains "$output" "$work/log/dump.log"
    contains "$(grep 'Error (' "$work/log/dump.log")" "$3"
    equal running "$(status "$1")"
    contains "$(knob "$1" cgroup.events)" "frozen 0"
}

test_what_criu_says_is_handed_on() {
    needs_criu
    ours
    begin told sh -c "$counting"
    eventually reached told 3
    ends 1 runtime --criu /bin/false checkpoint --image-path "$work/image" told
    equal 1 "$(echo "$output" | wc -l)" "lines of: $output"
    contains "$output" "criu ended without an answer"
    ends 1 runtime --criu /not/there checkpoint --image-path "$work/image" told
    contains "$output" "--criu"
    ends 1 runtime checkpoint --image-path "$work/image" --lazy-pages --status-fd 77 told
    contains "$output" "invalid --status-fd"
    ends 1 runtime checkpoint --image-path "$work/image" --page-server nowhere told
    contains "$output" "ADDRESS:PORT"
    # Nobody serves pages there.
    ends 1 runtime checkpoint --image-path "$work/image" --page-server 127.0.0.1:9 told
    equal 1 "$(echo "$output" | wc -l)" "lines of: $output"
    contains "$output" "criu failed: type DUMP"
    ends 1 runtime checkpoint --image-path "$work/image" --manage-cgroups-mode odd told
    contains "$output" "Invalid manage-cgroups-mode value"
    ends 1 runtime checkpoint --image-path "$work/image" --empty-ns pid told
    contains "$output" "not supported"
    equal running "$(status told)"
    eventually reached told $(($(count told) + 1))
    down told
}

test_the_state_decides() {
    needs_criu
    bundle waiting sleep 1000
    runtime create --bundle "$work/waiting" waiting </dev/null >"$work/create" 2>&1 || fail "create: $(cat "$work/create")"
    ends 1 runtime checkpoint --image-path "$work/image" waiting
    contains "$output" "cannot be checkpointed in created state"
    succeeds runtime kill waiting KILL
    eventually is_stopped waiting
    ends 1 runtime checkpoint --image-path "$work/image" waiting
    contains "$output" "cannot be checkpointed in stopped state"
    down waiting
    begin frozen sh -c "$counting"
    eventually reached frozen 3
    last=$(count frozen)
    succeeds runtime pause frozen
    runtime checkpoint --image-path "$work/image" --work-path "$work/log" frozen || fail "$(sed -n '/Error (/p' "$work/log/dump.log")"
    gone frozen
    revive frozen
    eventually reached frozen $((last + 1))
    # An id that is taken.
    ends 1 runtime restore --detach --image-path "$work/image" --bundle "$work/frozen" frozen
    contains "$output" "exist"
    equal running "$(status frozen)"
    down frozen
}

test_what_is_no_checkpoint_leaves_nothing() {
    needs_criu
    bundle never sleep 1000
    mkdir "$work/empty" "$work/half"
    echo '["/dev/null", "/dev/null", "/dev/null"]' >"$work/half/descriptors.json"
    for images in nothing empty half; do
        ends 1 runtime restore --detach --image-path "$work/$images" --work-path "$work/log" --bundle "$work/never" never
        echo "$output" >>"$work/errors"
        equal 1 "$(echo "$output" | wc -l)" "lines of: $output"
        gone never
        equal "" "$(grep "$work\|criu" /proc/mounts)" "mounts"
    done
    contains "$(cat "$work/errors")" "$work/nothing"
    contains "$(cat "$work/errors")" "$work/empty/descriptors.json"
    contains "$(tail -n 1 "$work/errors")" "criu failed: type"
    contains "$(tail -n 1 "$work/errors")" "$work/log/restore.log"
    rmdir /sys/fs/cgroup/vm 2>/dev/null || true
}

# Shares the namespaces of another, and a connection with it: its end is kept in the checkpoint, the other's goes on. Another connection is between
# two of its own processes.
test_namespaces_are_shared_again() {
    needs_criu
    ours
    begin owner sh -c "ip link set lo up; sleep 1000 | nc -l -p 9998 >>/tmp/heard & $counting"
    eventually reached owner 1
    first=$(knob owner cgroup.procs | head -n 1)
    own='mount pid cgroup'
    namespaces="{\"type\": \"network\", \"path\": \"/proc/$first/ns/net\"}, {\"type\": \"ipc\", \"path\": \"/proc/$first/ns/ipc\"},
        {\"type\": \"uts\", \"path\": \"/proc/$first/ns/uts\"}"
    begin guest sh -c "until netstat -ltn | grep -q :9998; do usleep 20000; done; (while :; do echo word; usleep 50000; done) | nc 127.0.0.1 9998 & $talking"
    eventually heard owner 3
    eventually heard guest 3
    dump guest --tcp-established
    revive guest --tcp-established
    goes_on owner
    goes_on guest
    second=$(knob guest cgroup.procs | head -n 1)
    for kind in net ipc uts; do
        equal "$(readlink "/proc/$first/ns/$kind")" "$(readlink "/proc/$second/ns/$kind")" "$kind namespace"
    done
    ends 1 runtime checkpoint --image-path "$work/refused" --work-path "$work/log" guest
    contains "$(cat "$work/log/dump.log")" "tcp-established"
    rm -rf "$work/image"
    dump guest --tcp-established
    # A restore that fails leaves the lock of the dump, and the next one still takes it off.
    ends 1 runtime restore --detach --image-path "$work/image" --work-path "$work/log" --bundle "$work/guest" guest
    contains "$output" "Connected TCP socket in image"
    revive guest --tcp-established
    goes_on owner
    goes_on guest
    down guest
    # What is new gets through as well.
    succeeds runtime exec owner sh -c 'echo new | nc -l -p 9997 & until netstat -ltn | grep -q :9997; do usleep 20000; done; nc 127.0.0.1 9997 </dev/null | grep -qx new'
    down owner
}

# Two containers of one network namespace are dumped: its lock is on it twice, and off it with the first that is restored.
test_two_of_one_network_are_dumped() {
    needs_criu
    ours
    begin owner sh -c "ip link set lo up; $counting"
    eventually reached owner 1
    first=$(knob owner cgroup.procs | head -n 1)
    own='mount pid ipc uts cgroup'
    namespaces="{\"type\": \"network\", \"path\": \"/proc/$first/ns/net\"}"
    begin talks sh -c "$talking"
    eventually heard talks 3
    begin counts sh -c "$counting"
    eventually reached counts 3
    dump talks --tcp-established --image-path "$work/talks.image"
    dump counts --image-path "$work/counts.image"
    revive counts --image-path "$work/counts.image"
    revive talks --tcp-established --image-path "$work/talks.image"
    goes_on talks
    eventually reached counts $((last + 1))
    down talks
    down counts
    down owner
}

# heard NAME NUMBER: whether so many words have arrived.
heard() {
    [ "$(wc -l <"$(inside "$1")/tmp/heard")" -ge "$2" ]
}

# goes_on NAME: whether its connection does: more words arrive from now on than can have been on their way when it was dumped.
goes_on() {
    eventually heard "$1" $(($(wc -l <"$(inside "$1")/tmp/heard") + 20))
}

# Both ends of a connection in one checkpoint, in a network namespace of its own, twice over.
test_a_connection_with_itself() {
    needs_criu
    begin alone sh -c "ip link set lo up; $talking"
    eventually heard alone 3
    for time in 1 2; do
        rm -rf "$work/image"
        dump alone --tcp-established
        revive alone --tcp-established
        goes_on alone
    done
    down alone
}

test_pages_are_fetched_when_they_are_used() {
    needs_criu
    begin lazy sh -c "$counting"
    eventually reached lazy 3
    last=$(count lazy)
    mkfifo "$work/ready"
    runtime checkpoint --lazy-pages --page-server 127.0.0.1:4711 --status-fd 7 --image-path "$work/image" --work-path "$work/log" lazy \
        7>"$work/ready" >"$work/said" 2>&1 </dev/null &
    checkpoint=$!
    equal 1 "$(head -c 1 "$work/ready" | wc -c)" "bytes when the pages can be fetched: $(cat "$work/said")"
    (cd "$work" && criu lazy-pages --page-server --address 127.0.0.1 --port 4711 -D "$work/image" -W "$work/log" >"$work/pages" 2>&1) &
    pages=$!
    # The daemon listens at a socket in its work directory, and tells so to nobody.
    eventually test -S "$work/log/lazy-pages.socket"
    # The old one is there until the last page is gone: the new one has another group.
    bundle moved sh -c "$counting"
    revive moved --lazy-pages --no-pivot
    wait $checkpoint || fail "checkpoint: $(cat "$work/said")"
    wait $pages || fail "lazy-pages: $(cat "$work/pages")"
    eventually reached moved $((last + 1))
    down moved
}

test_pages_go_to_a_server() {
    needs_criu
    begin far sh -c "$counting"
    eventually reached far 3
    mkdir "$work/image"
    criu page-server --address 127.0.0.1 --port 4712 -D "$work/image" -W "$work" >"$work/server" 2>&1 &
    server=$!
    eventually listens 4712
    dump far --page-server 127.0.0.1:4712
    wait $server || fail "page-server: $(cat "$work/server")"
    revive far
    eventually reached far $((last + 1))
    down far
}

listens() {
    netstat -ltn | grep -q ":$1 "
}

test_hooks_and_a_terminal() {
    needs_criu
    ours
    cat >"$work/hook" <<'HOOK'
#!/bin/sh
echo "$2 $(sed -n 's/.*"status": *"\([a-z]*\)".*/\1/p')" >>"$1"
HOOK
    chmod +x "$work/hook"
    document="\"hooks\": {$(for name in prestart createRuntime createContainer poststart poststop; do
        printf '"%s": [{"path": "%s", "args": ["hook", "%s", "%s"]}]' $name "$work/hook" "$work/hooks" $name
        [ $name = poststop ] || printf ', '
    done)}"
    mounts='{"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666", "mode=0620"]}'
    bundle screen sh -c "$counting"
    sed -i 's/"terminal": false/"terminal": true/' "$work/screen/config.json"
    runtime run --bundle "$work/screen" screen </dev/null >"$work/terminal" 2>&1 &
    run=$!
    eventually has "$work/terminal" 3
    dump screen
    wait $run || true
    contains "$(cat "$work/hooks")" "poststop stopped"
    rm "$work/hooks"
    runtime restore --image-path "$work/image" --work-path "$work/log" --bundle "$work/screen" screen </dev/null >"$work/later" 2>&1 &
    restore=$!
    eventually has "$work/later" "$((last + 5))"
    equal "prestart createRuntime " "$(cut -d ' ' -f 1 "$work/hooks" | tr '\n' ' ')" "hooks of a restore"
    touch "$(inside screen)/tmp/end"
    code=0
    wait $restore || code=$?
    equal 7 "$code" "exit code: $(tail -n 2 "$work/later")"
    gone screen
    rmdir /sys/fs/cgroup/vm
}

# conmon is who podman has take the master side of a terminal from a socket; it writes down what comes out of it, and the exit code.
test_a_terminal_goes_to_a_socket() {
    needs_criu
    command -v conmon >/dev/null || skip "there is no conmon"
    mounts='{"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666", "mode=0620"]}'
    bundle handed sh -c "$counting"
    sed -i 's/"terminal": false/"terminal": true/' "$work/handed/config.json"
    ends 1 runtime restore --image-path "$work/nothing" --console-socket "$work/socket" --bundle "$work/handed" handed
    contains "$output" "cannot use console socket if runc will not detach or allocate tty"
    ends 1 runtime restore --detach --image-path "$work/nothing" --bundle "$work/handed" handed
    contains "$output" "cannot allocate tty if runc will detach without setting console socket"
    runtime run --bundle "$work/handed" handed </dev/null >"$work/terminal" 2>&1 &
    run=$!
    eventually has "$work/terminal" 3
    dump handed
    wait $run || true
    mkdir "$work/exits" "$work/attach"
    succeeds conmon --cid handed --cuuid handed --name handed --runtime /bin/runtime --runtime-arg --root --runtime-arg /run/runtime --terminal \
        --bundle "$work/handed" --container-pidfile "$work/pid" --conmon-pidfile "$work/conmon" --log-path "k8s-file:$work/later" --exit-dir "$work/exits" --socket-dir-path "$work/attach" \
        --restore "$work/image" --runtime-opt --work-path --runtime-opt "$work/log" </dev/null
    eventually is_running handed

    # conmon writes it when the restore has ended.
    eventually test -s "$work/pid"
    equal "$(knob handed cgroup.procs | head -n 1)" "$(cat "$work/pid")" "pid file"
    # Only what is written into the new terminal's slave comes out of the master that conmon was given.
    eventually has "$work/later" "$((last + 5))"
    touch "$(inside handed)/tmp/end"
    eventually test -s "$work/exits/handed"
    equal 7 "$(cat "$work/exits/handed")" "exit code"
    eventually ended "$(cat "$work/conmon")"
    equal stopped "$(status handed)"
    down handed
}

# ended PID: whether there is no such process.
ended() {
    [ ! -e "/proc/$1" ]
}

test_a_pid_namespace_is_shared_again() {
    needs_criu
    begin owner sh -c "$counting"
    eventually reached owner 1
    first=$(knob owner cgroup.procs | head -n 1)
    own='mount ipc uts network cgroup'
    namespaces="{\"type\": \"pid\", \"path\": \"/proc/$first/ns/pid\"}"
    begin guest sh -c "$counting"
    eventually reached guest 3
    number=$(innermost guest)
    dump guest
    gone guest
    equal running "$(status owner)"
    revive guest --pid-file "$work/pid"
    second=$(knob guest cgroup.procs | head -n 1)
    equal "$second" "$(cat "$work/pid")" "pid file"
    equal "$(readlink "/proc/$first/ns/pid")" "$(readlink "/proc/$second/ns/pid")" "pid namespace"
    equal "$number" "$(innermost guest)" "pid in the namespace"
    equal running "$(status guest)"
    eventually reached guest $((last + 1))
    contains "$(succeeds runtime exec owner sh -c "tr '\\0' ' ' </proc/$number/cmdline")" "sh -c"
    # Its end is not the other's.
    succeeds runtime kill --all guest KILL
    eventually is_stopped guest
    equal running "$(status owner)"
    down guest
    begin guest sh -c "$counting"
    eventually reached guest 3
    rm -r "$work/image"
    dump guest
    down owner
    ends 1 runtime restore --detach --image-path "$work/image" --work-path "$work/log" --bundle "$work/guest" guest
    contains "$output" "/proc/$first/ns/pid does not exist"
    gone guest
}

# innermost NAME: the number of its first process in its own pid namespace.
innermost() {
    sed -n 's/^NSpid:.*\t//p' "/proc/$(knob "$1" cgroup.procs | head -n 1)/status"
}

# org.criu.config names a file with criu's own words, for the dump and for the restore.
test_a_configuration_of_crius_own() {
    needs_criu
    document="\"annotations\": {\"org.criu.config\": \"$work/criu.conf\"}"
    begin told sh -c "ip link set lo up; $talking"
    eventually heard told 3
    ends 1 runtime checkpoint --image-path "$work/refused" --work-path "$work/log" told
    contains "$(cat "$work/log/dump.log")" "tcp-established"
    echo tcp-established >"$work/criu.conf"
    dump told
    : >"$work/criu.conf"
    ends 1 runtime restore --detach --image-path "$work/image" --work-path "$work/log" --bundle "$work/told" told
    contains "$output" "Connected TCP socket in image"
    gone told
    printf 'tcp-established\nlog-file elsewhere.log\n' >"$work/criu.conf"
    revive told
    goes_on told
    contains "$(cat "$work/log/elsewhere.log")" "Restore finished successfully"
    down told
    # The file of all runc containers holds for one without the annotation, and not for one whose annotation is empty.
    mkdir -p /etc/criu
    echo tcp-established >/etc/criu/runc.conf
    document='"annotations": {"org.criu.config": ""}'
    begin none sh -c "ip link set lo up; $talking"
    eventually heard none 3
    ends 1 runtime checkpoint --image-path "$work/refused" --work-path "$work/log" none
    contains "$(cat "$work/log/dump.log")" "tcp-established"
    down none
    document=
    begin all sh -c "ip link set lo up; $talking"
    eventually heard all 3
    rm -r "$work/image"
    dump all
    revive all
    goes_on all
    rm -r /etc/criu
    down all
}

test_a_restore_that_is_killed_can_be_deleted() {
    needs_criu
    ours
    mkfifo "$work/held"
    printf '#!/bin/sh\n[ ! -e %s/hold ] || cat %s/held\n' "$work" "$work" >"$work/hook"
    chmod +x "$work/hook"
    document="\"hooks\": {\"createRuntime\": [{\"path\": \"$work/hook\"}]}"
    begin killed sh -c "$counting"
    eventually reached killed 3
    dump killed
    touch "$work/hold"
    /bin/runtime --root /run/runtime restore --detach --image-path "$work/image" --work-path "$work/log" --bundle "$work/killed" killed </dev/null >/dev/null 2>&1 &
    restore=$!
    eventually has "$work/log/restore.log" "setup-namespaces"
    equal creating "$(status killed)"
    kill -9 $restore
    wait $restore || true
    echo >"$work/held"
    equal stopped "$(status killed)"
    succeeds runtime delete --force killed
    gone killed
    rm "$work/hold"
    revive killed
    eventually reached killed $((last + 1))
    down killed
}

test_a_user_namespace_and_cgroup_modes() {
    needs_criu
    ours
    chmod 711 "$work"
    namespaces='{"type": "user"}'
    linux='"uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]'
    resources='"memory": {"limit": 67108864}, "pids": {"limit": 17}'
    begin user sh -c "$counting"
    eventually reached user 3
    dump user --manage-cgroups-mode full
    revive user --manage-cgroups-mode full
    eventually reached user $((last + 1))
    equal 67108864 "$(knob user memory.max)" memory.max
    equal 17 "$(knob user pids.max)" pids.max
    equal 100000 "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$(knob user cgroup.procs | head -n 1)/status")" "user id on the host"
    for mode in strict soft ignore; do
        dump user --manage-cgroups-mode $mode --leave-running --image-path "$work/$mode"
    done
    down user
}

needs_criu() {
    needs_runtime checkpoint
    command -v criu >/dev/null || skip "there is no criu"
}

# ours: skips on a runtime that is known to do otherwise.
ours() {
    /bin/runtime --version | grep -q sampan || skip "it is known to do otherwise"
}

# begin NAME COMMAND...: a bundle's running container of that name. Its output is a pipe: a file of ours would be one from outside of it.
begin() {
    bundle "$@"
    runtime run --detach --bundle "$work/$1" "$1" </dev/null 2>&1 | cat >"$work/$1/output" &
    eventually is_running "$1"
}

# Its process has begun.
is_running() {
    [ -n "$(knob "$1" cgroup.procs)" ] && [ "$(status "$1")" = running ]
}

# dump NAME FLAGS...: writes a container to $work/image; its log is in $work/log.
dump() {
    local name=$1
    shift
    last=$(count "$name")
    runtime checkpoint --image-path "$work/image" --work-path "$work/log" "$@" "$name" >"$work/said" 2>&1 ||
        fail "checkpoint $*: $(cat "$work/said"; sed -n '/Error (/p' "$work/log/dump.log")"
}

# revive NAME FLAGS...: makes it of $work/image.
revive() {
    local name=$1
    shift
    rm -f "$work/code"
    {
        code=0
        runtime restore --detach --image-path "$work/image" --work-path "$work/log" --bundle "$work/$name" "$@" "$name" </dev/null || code=$?
        echo $code >"$work/code"
    } 2>&1 | cat >>"$work/$name/output" &
    eventually test -s "$work/code"
    equal 0 "$(cat "$work/code")" "restore $*: $(tail -n 3 "$work/$name/output"; sed -n '/Error (/p' "$work/log/restore.log"): code"
}

# inside NAME: its root; to look there costs less than to execute something in it.
inside() {
    echo "/proc/$(knob "$1" cgroup.procs | head -n 1)/root"
}

# count NAME: how far it is.
count() {
    cat "$(inside "$1")/tmp/count"
}

# reached NAME NUMBER: whether it has counted so far.
reached() {
    [ "$(count "$1")" -ge "$2" ]
}

# gone NAME: whether nothing is left of it.
gone() {
    ends 1 runtime state "$1"
    contains "$output" "does not exist"
    [ ! -e "/run/runtime/$1" ] || fail "the state of $1 is left"
    [ ! -e "/sys/fs/cgroup/vm/$1" ] || fail "the group of $1 is left"
}

status() {
    runtime state "$1" | sed -n 's/.*"status": *"\([a-z]*\)".*/\1/p'
}

is_stopped() {
    [ "$(status "$1")" = stopped ]
}

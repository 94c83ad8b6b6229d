# shellcheck shell=dash
# shellcheck disable=SC2034,SC2154 # variables of bundle and one
# Control groups made by a system's systemd: it runs as the first process of a container that has all rights, and the runtime in there beside it.

# machine: a running container named machine, whose first process is systemd.
machine() {
    needs_runtime
    [ -x /usr/lib/systemd/systemd ] || skip "systemd is not in this machine"
    make_tree "$work/root"
    mkdir -p "$work/root/etc/systemd/system" "$work/root/etc/systemd/user" "$work/share"
    # All that is started is the manager itself, the system's or a user's.
    printf '[Unit]\nDescription=nothing\nDefaultDependencies=no\n' | tee "$work/root/etc/systemd/system/default.target" >"$work/root/etc/systemd/user/default.target"
    echo 0123456789abcdef0123456789abcdef >"$work/root/etc/machine-id"
    echo 'user:x:1000:1000::/run/user/1000:/bin/sh' >>"$work/root/etc/passwd"
    mounts='{"destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]}'
    for part in /usr /lib /lib64 /bin /tmp/tree "$work/share"; do
        mounts="$mounts, {\"destination\": \"$part\", \"type\": \"bind\", \"source\": \"$part\", \"options\": [\"rbind\", \"rw\"]}"
    done
    bundle machine /usr/lib/systemd/systemd --log-target=console --log-level=warning
    mounts=
    capabilities=
    for name in CHOWN FOWNER FSETID NET_ADMIN SETPCAP SYS_CHROOT SYS_PTRACE SYS_RESOURCE SETFCAP AUDIT_WRITE; do
        capabilities="$capabilities\"CAP_$name\", "
    done
    sed -i "s|\"path\": \"/tmp/tree\", \"readonly\": true|\"path\": \"$work/root\"|; s|\"CAP_KILL\"|$capabilities&|g; s|\"PATH=/bin\"|&, \"container=oci\"|
        /cgroup/s|, \"ro\"\]|]|" "$work/machine/config.json"
    runtime run --detach --bundle "$work/machine" machine </dev/null >"$work/machine/output" 2>&1 || fail "systemd: $(cat "$work/machine/output")"
    eventually runtime exec machine /bin/test -S /run/systemd/private
}

# inside COMMAND...: beside systemd, in its own group. In the container's group, where exec puts what nothing keeps it from, systemd could
# enable no controller as long as the command runs.
inside() {
    runtime exec --cgroup init.scope --env PATH=/bin:/usr/bin machine "$@"
}

# in_there ARGUMENTS...: the runtime inside.
in_there() {
    inside /bin/runtime --root /run/inner "$@"
}

# property UNIT NAME
property() {
    succeeds inside systemctl show --value --property "$2" "$1"
}

test_a_container_is_a_scope() {
    machine
    equal /init.scope "$(inside sed 's/^0:://' /proc/1/cgroup)" "where systemd is"
    work=$work/share
    resources='"memory": {"limit": 67108864, "swap": 100663296}, "pids": {"limit": 20}, "cpu": {"quota": 50000, "period": 100000, "shares": 2048, "cpus": "0"},
        "devices": [{"allow": false, "access": "rwm"}], "unified": {"memory.high": "50331648"}'
    document='"annotations": {"org.systemd.property.TimeoutStopSec": "uint64 7", "org.systemd.property.CollectMode": "'"'inactive-or-failed'"'"}'
    bundle box sleep 1000
    sed -i 's|"/vm/box"|"sampan-test.slice:oci:box"|' "$work/box/config.json"
    inside sh -c "/bin/runtime --root /run/inner --systemd-cgroup create --bundle $work/box box </dev/null >/run/output 2>&1 || { cat /run/output; exit 1; }"
    equal active "$(property oci-box.scope ActiveState)"
    equal sampan-test.slice "$(property oci-box.scope Slice)"
    equal yes "$(property oci-box.scope Delegate)"
    equal 67108864 "$(property oci-box.scope MemoryMax)"
    equal 33554432 "$(property oci-box.scope MemorySwapMax)"
    equal 50331648 "$(property oci-box.scope MemoryHigh)"
    equal 500ms "$(property oci-box.scope CPUQuotaPerSecUSec)"
    equal 20 "$(property oci-box.scope TasksMax)" "tasks, the one that held the scope open having gone"
    equal 0 "$(property oci-box.scope AllowedCPUs)"
    equal strict "$(property oci-box.scope DevicePolicy)"
    equal 7s "$(property oci-box.scope TimeoutStopUSec)"
    equal inactive-or-failed "$(property oci-box.scope CollectMode)"
    # The container's group has controllers for those inside it now, and may hold no process: exec goes where the first process is.
    equal 0::/init.scope "$(runtime exec machine /bin/cat /proc/self/cgroup)"
    group=/sys/fs/cgroup/vm/machine/sampan.slice/sampan-test.slice/oci-box.scope
    equal 67108864 "$(cat $group/memory.max)"
    equal "50000 100000" "$(cat $group/cpu.max)"
    equal 1 "$(wc -l <$group/cgroup.procs)" "processes"

    # From here on without the flag: the container knows.
    succeeds in_there start box
    contains "$(succeeds in_there exec box cat /proc/self/cgroup)" 0::/
    succeeds in_there update --memory 50331648 --pids-limit 33 --cpu-quota 20000 box
    equal "50331648 33 200ms" "$(property oci-box.scope MemoryMax) $(property oci-box.scope TasksMax) $(property oci-box.scope CPUQuotaPerSecUSec)"
    equal "50331648 33" "$(cat $group/memory.max) $(cat $group/pids.max)"
    # systemd writes its limits again, and they are still the container's.
    succeeds inside systemctl daemon-reload
    equal "50331648 33" "$(cat $group/memory.max) $(cat $group/pids.max)"
    contains "$(succeeds in_there events --stats box)" '"pids"'
    succeeds in_there pause box
    contains "$(succeeds in_there state box)" paused
    succeeds in_there resume box
    succeeds in_there kill box KILL
    eventually in_there_is_stopped
    succeeds in_there delete box
    [ ! -d $group ] || fail "the scope's group is still there"
    equal not-found "$(property oci-box.scope LoadState)"
    work=${work%/share}
    runtime delete --force machine
    rmdir /sys/fs/cgroup/vm
}

in_there_is_stopped() {
    in_there state box | grep -q stopped
}

test_names_and_refusals() {
    machine
    work=$work/share
    bundle plain sleep 1000
    sed -i 's|"cgroupsPath": "/vm/plain",||' "$work/plain/config.json"
    inside sh -c "/bin/runtime --root /run/inner --systemd-cgroup run --detach --bundle $work/plain plain </dev/null >/run/output 2>&1 || { cat /run/output; exit 1; }"
    unit=$(inside sed -n 's|.*/||p' "/proc/$(in_there ps --format json plain | tr -dc 0-9)/cgroup" | tail -1)
    case $unit in *-plain.scope) ;; *) fail "the scope is called $unit" ;; esac
    equal system.slice "$(property "$unit" Slice)"
    for path in /a/path "a:b" ":x:bad name"; do
        sed "s|\"linux\": {|&\"cgroupsPath\": \"$path\",|" "$work/plain/config.json" >"$work/config.json"
        ends 1 in_there --systemd-cgroup create --bundle "$work" other
        ends 1 in_there state other
    done
    succeeds in_there delete --force plain
    equal not-found "$(property "$unit" LoadState)"
    work=${work%/share}
    runtime delete --force machine
    rmdir /sys/fs/cgroup/vm
}

# as_user COMMAND...: a user without rights, beside his own manager.
as_user() {
    runtime exec --user 1000:1000 --cgroup "$1" --env PATH=/bin:/usr/bin --env HOME=/run/user/1000 --env XDG_RUNTIME_DIR=/run/user/1000 machine sh -c "$2"
}

test_a_users_own_manager() {
    machine
    inside sh -c 'mkdir -p /run/user/1000 && chown 1000:1000 /run/user/1000 && chmod 700 /run/user/1000'
    group=/sys/fs/cgroup/vm/machine/user
    mkdir $group
    echo "+memory +pids +cpu" >/sys/fs/cgroup/vm/machine/cgroup.subtree_control
    chown 1000:1000 $group $group/cgroup.procs $group/cgroup.threads $group/cgroup.subtree_control
    mkdir -p "$work/share/mine"
    chown 1000:1000 "$work/share/mine"
    # Who may not go there finds no bundle.
    chmod 755 "$work" "$work/share"
    as_user user 'exec /usr/lib/systemd/systemd --user --log-target=console --log-level=warning </dev/null >/run/user/1000/log 2>&1' &
    manager=$!
    eventually inside test -S /run/user/1000/systemd/private
    command="/bin/runtime --root /run/user/1000/oci"
    # shellcheck disable=SC2119 # it takes none
    succeeds as_user user/init.scope "$command spec --rootless --bundle $work/share/mine"
    sed -i 's|"terminal": true|"terminal": false|; s|"rootfs"|"/tmp/tree"|; s|"sh"|"sleep", "1000"|
        s|"linux": {|&"resources": {"memory": {"limit": 67108864}, "pids": {"limit": 20}},|' "$work/share/mine/config.json"
    succeeds as_user user/init.scope "$command --systemd-cgroup run --detach --bundle $work/share/mine mine </dev/null >/run/user/1000/output 2>&1 || { cat /run/user/1000/output; exit 1; }"
    unit=$(as_user user/init.scope "systemctl --user --plain --no-legend list-units --type scope | sed -n 's/^\\([^ ]*-mine.scope\\) .*/\\1/p'")
    equal "user.slice 67108864 20" "$(as_user user/init.scope "systemctl --user show --value --property Slice,MemoryMax,TasksMax $unit" | sort -r | xargs)"
    equal "67108864 20" "$(cat "$group/user.slice/$unit/memory.max" "$group/user.slice/$unit/pids.max" | xargs)"
    equal 0 "$(as_user user/init.scope "$command exec mine id -u")" "the user inside"
    succeeds as_user user/init.scope "$command update --memory 50331648 mine"
    equal 50331648 "$(cat "$group/user.slice/$unit/memory.max")"
    succeeds as_user user/init.scope "$command pause mine && $command state mine | grep -q paused && $command resume mine"
    succeeds as_user user/init.scope "$command delete --force mine"
    [ ! -d "$group/user.slice/$unit" ] || fail "the scope is still there"
    runtime delete --force machine
    wait $manager || true
    rmdir /sys/fs/cgroup/vm
}

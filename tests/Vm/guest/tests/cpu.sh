# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# The cpu and cpuset controllers.

test_quota_is_written() {
    id=$(detached --cpus 0.5 busybox sleep 1000)
    equal "50000 100000" "$(control "$id" cpu.max)" cpu.max
    id=$(detached --cpu-period 50000 --cpu-quota 20000 busybox sleep 1000)
    equal "20000 50000" "$(control "$id" cpu.max)" cpu.max
    id=$(detached busybox sleep 1000)
    equal "max 100000" "$(control "$id" cpu.max)" "cpu.max without a limit"
}

test_quota_throttles() {
    id=$(detached --cpus 0.2 busybox sh -c 'while :; do :; done')
    stat=/sys/fs/cgroup/sampan/$id/cpu.stat
    eventually above "$stat" nr_throttled 2
    began=$(now) used=$(counter "$stat" usage_usec)
    eventually above "$stat" usage_usec $((used + 300000))
    # A period's budget may be spent at once at either end.
    at_most $((($(now) - began) * 200 + 80000)) $(($(counter "$stat" usage_usec) - used)) "microseconds in $(($(now) - began)) ms"
}

test_shares_become_weight() {
    for pair in 2:1 512:59 1024:100 262144:10000; do
        id=$(detached --cpu-shares ${pair%:*} busybox sleep 1000)
        equal ${pair#*:} "$(control "$id" cpu.weight)" "cpu.weight of ${pair%:*} shares"
    done
    id=$(detached busybox sleep 1000)
    equal 100 "$(control "$id" cpu.weight)" "cpu.weight by default"
}

test_weight_divides_a_processor() {
    heavy=$(detached --cpuset-cpus 0 --cpu-shares 4096 busybox sh -c 'while :; do :; done')
    light=$(detached --cpuset-cpus 0 --cpu-shares 256 busybox sh -c 'while :; do :; done')
    eventually above "/sys/fs/cgroup/sampan/$light/cpu.stat" usage_usec 0
    heavy=/sys/fs/cgroup/sampan/$heavy/cpu.stat light=/sys/fs/cgroup/sampan/$light/cpu.stat
    before_heavy=$(counter "$heavy" usage_usec) before_light=$(counter "$light" usage_usec)
    eventually above "$heavy" usage_usec $((before_heavy + 1500000))
    # 320 to 34 by weight; what the scheduler rounds is far from a quarter.
    at_least $((($(counter "$light" usage_usec) - before_light) * 4)) $(($(counter "$heavy" usage_usec) - before_heavy)) "time of the heavy one"
}

test_cpuset() {
    id=$(detached --cpuset-cpus 1 --cpuset-mems 0 busybox sleep 1000)
    equal 1 "$(control "$id" cpuset.cpus)" cpuset.cpus
    equal 1 "$(control "$id" cpuset.cpus.effective)" cpuset.cpus.effective
    equal 0 "$(control "$id" cpuset.mems)" cpuset.mems
    equal 1 "$(succeeds sampan exec "$id" nproc)" nproc
    equal 1 "$(succeeds sampan exec "$id" sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)" Cpus_allowed_list
    # What the group does not have cannot be taken from inside.
    ends 1 sampan exec "$id" taskset -p 1 1
}

test_a_cpu_that_is_not_there_is_refused() {
    ends 125 sampan run --rm --cpuset-cpus 4000 busybox true
    contains "$output" 4000
    equal "" "$(find /sys/fs/cgroup/sampan -mindepth 1 -type d)" "groups left"
}

# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# Networks over a device of the host's: VLANs, ipvlan, and devices that lead nowhere.

# wire: another host at the end of a wire. It has 192.0.2.9, and 198.51.100.9 for what has the tag 10.
wire() {
    # Longer than a test may take; one that fails leaves it.
    unshare -n sleep 100 &
    far=$!
    eventually is_apart "$far"
    ip link add wire type veth
    ip link set wire up
    ip link set veth0 netns "$far"
    there ip link set veth0 up
    there ip addr add 192.0.2.9/24 dev veth0
    there ip link add link veth0 name veth0.10 type vlan id 10
    there ip addr add 198.51.100.9/24 dev veth0.10
    there ip link set veth0.10 up
}

is_apart() {
    [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

# there COMMAND...: on the other host.
there() {
    nsenter -t "$far" -n "$@"
}

# none NETWORK...: takes all away again; what was made for the networks goes with them.
none() {
    sampan ps -aq | xargs -r sampan rm -f >/dev/null
    succeeds sampan network rm "$@" >/dev/null
    [ ! -d /run/sampan/networks ] || rmdir /run/sampan/networks
    equal "" "$(links | grep -v '^wire$')" "devices that are left"
    if [ -n "${far-}" ]; then
        ip link del wire
        kill "$far"
        wait "$far" || true
    fi
}

# links: all but those that every kernel has.
links() {
    for link in /sys/class/net/*; do
        case ${link##*/} in lo | eth* | tunl* | sit* | dummy0) ;; *) echo "${link##*/}" ;; esac
    done
}

test_ipvlan_on_the_wire() {
    wire
    succeeds sampan network create -d ipvlan --subnet 192.0.2.0/24 --gateway 192.0.2.9 -o parent=wire vv >/dev/null
    id=$(detached --name one --network vv --ip 192.0.2.50 busybox sleep 1000)
    contains "$(succeeds sampan exec one ip route)" "default via 192.0.2.9 dev eth0"
    equal "$(cat /sys/class/net/wire/address)" "$(succeeds sampan exec one cat /sys/class/net/eth0/address)" "hardware address"
    contains "$(succeeds sampan exec one ping -c 1 -W 5 192.0.2.9)" "1 packets received"
    contains "$(succeeds there ping -c 1 -W 5 192.0.2.50)" "1 packets received"
    contains "$(succeeds sampan run --rm --network vv busybox ping -c 1 -W 5 one)" "1 packets received"
    equal "ipvlan 192.0.2.50/24 []" "$(succeeds sampan network inspect -f '{{.Driver}} {{range .Containers}}{{.IPv4Address}} [{{.MacAddress}}]{{end}}' vv)"
    none vv
}

test_ipvlan_by_routes() {
    wire
    # The kernel finds the way on by the host's routes, and other hosts the way to the container by its address.
    ip addr add 192.0.2.1/24 dev wire
    there ip route add 203.0.113.0/24 via 192.0.2.1
    succeeds sampan network create -d ipvlan --subnet 203.0.113.0/25 --subnet 203.0.113.128/25 -o parent=wire -o ipvlan_mode=l3 vv >/dev/null
    id=$(detached --name one --network vv --ip 203.0.113.200 busybox sleep 1000)
    contains "$(succeeds sampan exec one ip route)" "default dev eth0"
    equal "203.0.113.200 []" "$(succeeds sampan inspect -f '{{with .NetworkSettings.Networks.vv}}{{.IPAddress}} [{{.Gateway}}]{{end}}' one)"
    # From one prefix to the other there is no router.
    contains "$(succeeds sampan run --rm --network vv --ip 203.0.113.20 busybox ping -c 1 -W 5 203.0.113.200)" "1 packets received"
    contains "$(succeeds sampan exec one ping -c 1 -W 5 192.0.2.9)" "1 packets received"
    # The way out is its device; another network with the higher priority takes it, and gives it back.
    succeeds sampan network create nn >/dev/null
    succeeds sampan network connect --gw-priority 5 nn one
    contains "$(succeeds sampan exec one ip route)" "default via 10."
    succeeds sampan network disconnect nn one
    contains "$(succeeds sampan exec one ip route)" "default dev eth0"
    none vv nn
}

test_ipvlan_flags() {
    wire
    succeeds sampan network create -d ipvlan --subnet 192.0.2.0/24 -o parent=wire -o ipvlan_flag=private vv >/dev/null
    id=$(detached --name one --network vv --ip 192.0.2.50 busybox sleep 1000)
    ends 1 sampan run --rm --network vv busybox ping -c 1 -W 1 192.0.2.50
    contains "$(succeeds sampan exec one ping -c 1 -W 5 192.0.2.9)" "1 packets received"
    none vv
}

test_a_vlan_is_made_and_goes_with_its_last_network() {
    wire
    succeeds sampan network create -d macvlan --subnet 198.51.100.0/24 --gateway 198.51.100.9 -o parent=wire.10 mm >/dev/null
    contains "$(cat /proc/net/vlan/wire.10)" "VID: 10"
    contains "$(succeeds sampan run --rm --network mm busybox ping -c 1 -W 5 198.51.100.9)" "1 packets received"
    succeeds sampan network create -d macvlan --subnet 203.0.113.0/24 -o parent=wire.10 nn >/dev/null
    succeeds sampan network rm mm >/dev/null
    contains "$(links)" wire.10
    # Taken away by somebody, it comes back with the next container.
    ip link del wire.10
    succeeds sampan run --rm --network nn busybox true
    contains "$(links)" wire.10
    succeeds sampan network rm nn >/dev/null
    equal wire "$(links)"
    # One that was there stays.
    ip link add link wire name wire.20 type vlan id 20
    ip link set wire.20 up
    succeeds sampan network create -d macvlan --subnet 203.0.113.0/24 -o parent=wire.20 pp >/dev/null
    succeeds sampan run --rm --network pp busybox true
    succeeds sampan network rm pp >/dev/null
    contains "$(links)" wire.20
    ip link del wire.20
    succeeds sampan network create --config-only -o parent=wire.30 conf >/dev/null
    succeeds sampan network create -d ipvlan --config-from conf vv >/dev/null
    contains "$(links)" wire.30
    none vv conf
}

test_no_parent_leads_nowhere() {
    for driver in macvlan ipvlan; do
        succeeds sampan network create -d $driver --subnet 192.0.2.0/24 --gateway 192.0.2.9 dd >/dev/null
        id=$(detached --name one --network dd busybox sleep 1000)
        contains "$(succeeds sampan run --rm --network dd busybox ping -c 1 -W 5 one)" "1 packets received"
        case $(succeeds sampan exec one ip route) in *default*) fail "there is a way out" ;; esac
        contains "$(links)" -"$(succeeds sampan network inspect -f '{{slice .Id 0 12}}' dd)"
        none dd
    done
}

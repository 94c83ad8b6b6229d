# shellcheck shell=dash
# Variables come from and go to the files this one is sourced beside; what is quoted singly is for the shell inside.
# shellcheck disable=SC2154,SC2034,SC2016
# Networks over a device of the host's: ipvlan, which the tests' own kernel may not have.

# wire: another host at the end of a wire. It has 192.0.2.9.
wire() {
    unshare -n sleep 1000 &
    far=$!
    eventually is_apart "$far"
    ip link add wire type veth
    ip link set wire up
    ip link set veth0 netns "$far"
    there ip link set veth0 up
    there ip addr add 192.0.2.9/24 dev veth0
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

# shellcheck shell=bash
# Sourced by run: what the machine boots, made of the distribution's packages. Nothing is installed on the host but tools.

# What a container engine asks of a kernel that has it as modules, and the machine's own disks.
modules=(
    overlay veth bridge br_netfilter macvlan ipvlan dummy 8021q vxlan tun
    nf_tables nft_chain_nat nft_masq nft_nat nft_redir nft_ct nft_fib_inet nft_log nft_reject_inet nf_conntrack_netlink
    nft_compat xt_mark unix_diag inet_diag tcp_diag udp_diag raw_diag af_packet_diag netlink_diag
    virtio_pci virtio_blk crc32c_generic
    ext4 xfs quota_v2
)

# fetch_kernel STORE: downloads and unpacks the kernel once; STORE/vmlinuz, STORE/kernel and STORE/version are there afterwards.
fetch_kernel() {
    local store=$1 package
    mkdir -p "$store"
    [ ! -s "$store/version" ] || return 0
    command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || return 1
    package=$(kernel_package)
    if [ -z "$package" ]; then
        # The package lists of a fresh system are empty.
        [ "$(id -u)" != 0 ] || apt-get update -q >/dev/null 2>&1 || true
        package=$(kernel_package)
    fi
    [ -n "$package" ] || return 1
    echo "sampan: fetching $package, which is the kernel of the machine with cgroup v2" >&2
    rm -rf "$store/packages" "$store/kernel"
    mkdir -p "$store/packages" "$store/kernel"
    # The sandbox user of apt cannot write here.
    if ! (cd "$store/packages" && apt-get -o APT::Sandbox::User=root download -q "$package") >"$store/fetch.log" 2>&1; then
        # A stale list names a version the mirror no longer has.
        { [ "$(id -u)" = 0 ] && apt-get update -q && cd "$store/packages" && package=$(kernel_package) &&
            apt-get -o APT::Sandbox::User=root download -q "$package"; } >>"$store/fetch.log" 2>&1 || {
            cat "$store/fetch.log" >&2
            return 1
        }
    fi
    dpkg-deb -x "$store/packages/"*.deb "$store/kernel" || return 1
    rm -rf "$store/packages"
    local version=${package#linux-image-}
    cp "$store/kernel/boot/vmlinuz-$version" "$store/vmlinuz" || return 1
    busybox depmod -b "$store/kernel" "$version" || return 1
    echo "$version" >"$store/version"
}

kernel_package() {
    apt-cache depends --no-recommends --no-suggests linux-image-cloud-amd64 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2; exit }'
}

# make_base STORE: STORE/base.cpio, with busybox and the modules; made again when it is older than this file or the kernel.
make_base() {
    local store=$1 base=$1/base.cpio version tree module
    if [ -s "$base" ] && [ "$base" -nt "${BASH_SOURCE[0]}" ] && [ "$base" -nt "$store/version" ]; then
        return 0
    fi
    version=$(<"$store/version")
    tree=$(mktemp -d)
    mkdir -p "$tree"/{bin,dev,etc,proc,root,run,sbin,sys,tmp,usr,var/lib}
    cp "$(command -v busybox)" "$tree/bin/busybox"
    ln -s busybox "$tree/bin/sh"
    # The kernel asks this path for what it lacks.
    ln -s ../bin/busybox "$tree/sbin/modprobe"
    echo 'root:x:0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
    echo 'root:x:0:' >"$tree/etc/group"
    module_files "$store/kernel/lib/modules/$version" "${modules[@]}" | while read -r module; do
        mkdir -p "$tree/lib/modules/$version/${module%/*}"
        cp "$store/kernel/lib/modules/$version/$module" "$tree/lib/modules/$version/$module"
    done
    cp "$store/kernel/lib/modules/$version/modules.builtin" "$tree/lib/modules/$version/"
    busybox depmod -b "$tree" "$version"
    printf '%s\n' "${modules[@]}" >"$tree/etc/modules"
    pack "$tree" >"$base.new"
    mv "$base.new" "$base"
    rm -rf "$tree"
}

# module_files DIRECTORY NAME...: paths of modules and of what they need; what is built in has none.
module_files() {
    local directory=$1
    shift
    awk -v wanted="$*" '
        { file = substr($1, 1, length($1) - 1); name = file; sub(/.*\//, "", name); sub(/\.ko.*/, "", name); gsub(/-/, "_", name)
          path[name] = file; needs[file] = $0; sub(/^[^ ]* ?/, "", needs[file]) }
        function take(file,    i, n, list) {
            if (file in taken) return
            taken[file] = 1
            print file
            n = split(needs[file], list, " ")
            for (i = 1; i <= n; i++) take(list[i])
        }
        END { n = split(wanted, names, " "); for (i = 1; i <= n; i++) if (names[i] in path) take(path[names[i]]) }
    ' "$directory/modules.dep"
}

# make_payload WORK GUEST BINARY...: WORK/payload.cpio, with the binaries, what they are linked with, the image and the tests.
make_payload() {
    local work=$1 guest=$2 tree=$1/payload binary library
    shift 2
    mkdir -p "$tree/bin" "$tree/vm"
    for binary in "$@"; do
        copy_program "$tree" "$binary"
    done
    # A service manager, for the tests of those who ask it for control groups.
    for binary in /usr/lib/systemd/systemd /usr/bin/systemctl; do
        [ -x "$binary" ] || continue
        mkdir -p "$tree${binary%/*}"
        cp -L "$binary" "$tree$binary"
        ldd "$binary" | grep -oE '/[^ ]+' | while read -r library; do
            mkdir -p "$tree${library%/*}"
            cp -L "$library" "$tree$library"
        done
    done
    # The framework opens OpenSSL by name, for SHA-256, so ldd does not tell.
    ldconfig -p | sed -n 's/^\tlib\(ssl\|crypto\)\.so\.[0-9.]* (libc6,x86-64) => //p' | while read -r library; do
        mkdir -p "$tree${library%/*}"
        cp -L "$library" "$tree$library"
    done
    # The tests know the runtime by one name, whichever it is.
    [ $# -lt 2 ] || mv "$tree/bin/${2##*/}" "$tree/bin/runtime"
    copy_criu "$tree"
    cp -R "$guest/." "$tree/vm"
    ln -s vm/init "$tree/init"
    "$(dirname "${BASH_SOURCE[0]}")/../../eng/busybox-image" "$1" "$work/store" "$work/state" 2>/dev/null
    "$1" --root "$work/store" --state "$work/state" save -o "$tree/vm/busybox.tar" busybox:latest
    pack "$tree" >"$work/payload.cpio"
}

# copy_program TREE FILE: the program to TREE/bin, and the libraries it is linked with to where they are.
copy_program() {
    local tree=$1 library
    cp -L "$2" "$tree/bin/${2##*/}"
    # One that is linked statically has none, which ldd and grep call a failure.
    { ldd "$2" 2>/dev/null | grep -oE '/[^ ]+' || true; } | while read -r library; do
        mkdir -p "$tree${library%/*}"
        cp -L "$library" "$tree$library"
    done
}

# copy_criu TREE: criu and what it starts: tar keeps the files of a tmpfs, iptables-restore holds connections still; flock is for what is checkpointed.
# Nothing where criu is not.
copy_criu() {
    local tree=$1 program extensions
    program=$(command -v criu) || return 0
    copy_program "$tree" "$program"
    for program in tar gzip iptables-restore ip6tables-restore flock; do
        copy_program "$tree" "$(command -v "$program")"
    done
    # Who podman has take terminals from a console socket.
    program=$(command -v conmon) && copy_program "$tree" "$program"
    extensions=$(dirname "$(find /usr/lib -name libxt_mark.so -print -quit)")
    mkdir -p "$tree$extensions"
    cp "$extensions"/libxt_{mark,standard}.so "$tree$extensions/"
}

# pack DIRECTORY: as the kernel wants it (Documentation/driver-api/early-userspace/buffer-format.rst); unpacked, as emulation inflates slowly.
pack() {
    (cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null)
}

# shellcheck shell=bash
# Sourced after peers.sh, by the benchmarks of images: archives of images of many layers, made of what distributions consist of: the files of this machine's packages
# (or as much of them as there is), a layer for each share. The script sets megabytes and layers.
#
# No two images share a layer, and nothing is removed before the end: for five minutes after a file's removal ext4 looks at its inode again for each new file
# (recently_deleted, fs/ext4/ialloc.c), which made the fifth load or pull after as many rmi take four times the first, whoever did it.

: "${work:?}" "${megabytes:?}" "${layers:?}"
require time /usr/bin/time "measures memory"

# make_lists: the names of each layer's files in $work/list-N.
make_lists() {
    local share=$((megabytes * 1024 / layers)) number=0 size=0 name
    while IFS= read -r -d '' name && [ "$number" -lt "$layers" ]; do
        printf '%s\0' "${name#/}" >>"$work/list-$number"
        size=$((size + ($(stat -c %s "$name") + 1023) / 1024))
        if [ "$size" -ge "$share" ]; then
            number=$((number + 1)) size=0
        fi
    done < <(find /usr/lib /usr/share /usr/bin -xdev -type f -size -4096k -print0 | sort -z)
    for ((number = 0; number < layers; number++)); do
        [ -s "$work/list-$number" ] || { echo "this machine has too few files for $megabytes MB" >&2; exit 1; }
    done
    printf 'images: %s layers, %s files\n' "$layers" "$(cat "$work"/list-* | tr -dc '\0' | wc -c)"
}

# make_archive NUMBER: $work/image-NUMBER.tar, docker's format, of the image bench:NUMBER.
make_archive() {
    local number folder=$work/archive-$1 digests=() files=()
    [ -e "$work/list-0" ] || make_lists
    mkdir "$folder"
    printf 'image %s\n' "$1" >"$folder/mark"
    for ((number = 0; number < layers; number++)); do
        tar -C / --null -T "$work/list-$number" -cf "$folder/$number.tar"
        tar -C "$folder" -rf "$folder/$number.tar" mark
        files+=("$number.tar")
        digests+=("sha256:$(sha256sum "$folder/$number.tar" | cut -d' ' -f1)")
    done
    jq -n --arg architecture "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" \
        '{architecture: $architecture, os: "linux", config: {Cmd: ["true"]}, rootfs: {type: "layers", diff_ids: $ARGS.positional}}' \
        --args "${digests[@]}" >"$folder/config.json"
    jq -n --arg tag "bench:$1" '[{Config: "config.json", RepoTags: [$tag], Layers: $ARGS.positional}]' \
        --args "${files[@]}" >"$folder/manifest.json"
    rm "$folder/mark"
    tar -C "$folder" -cf "$work/image-$1.tar" .
    rm -r "$folder"
}
